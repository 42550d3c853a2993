#include <vector>

#include "simulator/judge/carried_facts.h"
#include "simulator/judge/suspect_reads.h"

namespace replsim::judge {
namespace {

// A fact that a client learned. It copies everything that is needed, because every reader walks
// over the facts of every client.
struct Fact {
  uint32_t key = 0;
  uint32_t order = 0;      // rank of its write in the candidate order
  uint32_t place = 0;      // rank of the operation that showed it, among its client's
  uint32_t operation = 0;  // position of that operation
};

// What a reader of a write learns from it, in one place in memory.
struct Written {
  uint32_t process = 0;  // its client
  uint32_t place = 0;    // its rank among its client's operations
  uint32_t order = 0;    // its rank in the candidate order
  // Rank of the newest write of the same key that its client knew before; 0: none.
  uint32_t order_before = 0;
};

// The newest fact that a client itself knows about a key.
struct OwnFact {
  uint32_t order = 0;      // rank of its write in the candidate order
  uint32_t operation = 0;  // position of the operation that showed it
};

// The bound on one reader's further reads of one key.
struct Newest {
  // The newest fact in the candidate order: its rank (0: none), the operation that showed it, and
  // the reader's read of the write that carried it.
  uint32_t order = 0;
  uint32_t fact = kNoNode;
  uint32_t by = kNoNode;
  // The reader's read of a newer write of this key; kNoNode if none is known.
  uint32_t overwritten_by = kNoNode;
};

class NewestFacts {
 public:
  NewestFacts(const Registers& registers, Facts facts, WriteOrder* order)
      : registers_(registers),
        facts_(facts),
        order_(*order),
        candidate_(*order->candidate()),
        suspects_(registers, candidate_),
        first_fact_(registers.processes() + 1, 0),
        written_(registers.size()),
        known_(registers.processes()),
        newest_(registers.keys()) {}

  void Need() {
    for (uint32_t process = 0; process < registers_.processes(); ++process) FindFacts(process);
    for (uint32_t process = 0; process < registers_.processes(); ++process) {
      known_.Forget();
      newest_.Forget();
      for (const Access& access : registers_.OfProcess(process)) {
        if (order_.watch().IsSpent()) return;
        if (!access.is_read) continue;
        if (access.write == kInitialWrite) {
          Check(access, 0);
        } else {
          Check(access, written_[access.write].order);
          Learn(access, written_[access.write]);
        }
      }
    }
  }

 private:
  void FindFacts(uint32_t process) {
    own_.Forget();
    uint32_t place = 0;
    for (const Access& access : registers_.OfProcess(process)) {
      if (order_.watch().IsSpent()) break;
      AddFact(access, process, place++);
    }
    first_fact_[process + 1] = static_cast<uint32_t>(all_facts_.size());
  }

  void AddFact(const Access& access, uint32_t process, uint32_t place) {
    const OwnFact* const before = own_.Find(access.key);
    const uint32_t order = candidate_.PlaceOf(access.write);
    if (!access.is_read) {
      written_[access.position] = {process, place, order, before == nullptr ? 0 : before->order};
      if (facts_ == Facts::kReads && before != nullptr && before->order >= order) {
        NeedOfWriter(before->operation, access.position);
      }
    }
    if (!IsFact(access, facts_)) return;
    // The first fact of a key is always passed on: it decides which reads count as checked.
    if (before == nullptr || suspects_.CanContradict(access.key, order, access.position)) {
      all_facts_.push_back({access.key, order, place, access.position});
    }
    if (before == nullptr || before->order < order) own_[access.key] = {order, access.position};
  }

  // Values that a client had read from a key are older than its own write to the key. `fact` is the
  // newest of them.
  void NeedOfWriter(uint32_t fact, uint32_t position) {
    order_.NeedStrictly(registers_.WriteOf(fact), position,
                        {.cause = fact, .link = kNoNode, .effect = position});
  }

  // `order`: the rank of the write that the read saw.
  void Check(const Access& read, uint32_t order) {
    const Newest* const newest = newest_.Find(read.key);
    if (newest == nullptr || newest->order == 0) return;
    bool bad = false;
    if (order < newest->order) {
      bad = order_.Need(registers_.WriteOf(newest->fact), read.write,
                        {.cause = newest->fact, .link = newest->by, .effect = read.position});
    } else if (order == newest->order && newest->overwritten_by != kNoNode) {
      bad = true;
      order_.Refuse(
          registers_.WriteOf(newest->overwritten_by), read.write,
          {.cause = newest->fact, .link = newest->overwritten_by, .effect = read.position});
    }
    order_.Count(bad);
  }

  // The reader saw a write, and with it everything that the write's client knew before.
  void Learn(const Access& read, const Written& write) {
    uint32_t& known = known_[write.process];  // number of the client's facts already taken
    const uint32_t first = first_fact_[write.process];
    const uint32_t count = first_fact_[write.process + 1] - first;
    const uint32_t before = known;
    uint32_t next = known;
    for (; next < count && all_facts_[first + next].place < write.place; ++next) {
      Take(all_facts_[first + next], read.position);
    }
    known = next;
    order_.watch().IsSpent(next - before);
    if (write.order_before == 0) return;
    // The write is newer than the facts that its client knew about the same key.
    Newest& newest = newest_[read.key];
    if (newest.order == write.order_before) newest.overwritten_by = read.position;
  }

  void Take(const Fact& fact, uint32_t by) {
    Newest& newest = newest_[fact.key];
    if (newest.order < fact.order) {
      newest.order = fact.order;
      newest.fact = fact.operation;
      newest.by = by;
      newest.overwritten_by = kNoNode;
    }
  }

  const Registers& registers_;
  const Facts facts_;
  WriteOrder& order_;
  const CandidateOrder& candidate_;
  const SuspectReads suspects_;
  std::vector<Fact> all_facts_;       // that matter, grouped by client, in the client's order
  std::vector<uint32_t> first_fact_;  // by client: index in all_facts_
  std::vector<Written> written_;      // by position of a write
  Forgettable<OwnFact> own_{registers_.keys()};  // of the current client, by key
  Forgettable<uint32_t> known_;                  // of the current reader, by client
  Forgettable<Newest> newest_;                   // of the current reader, by key
};

}  // namespace

void NeedNewestFacts(const Registers& registers, Facts facts, WriteOrder* order) {
  NewestFacts(registers, facts, order).Need();
}

}  // namespace replsim::judge
