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

// The bound on one reader's further reads of one key.
struct Newest {
  // The newest fact in the candidate order: its rank, the operation that showed it, and the
  // reader's read of the write that carried it.
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
        newest_before_(registers.size(), kNoNode),
        known_(registers.processes()),
        newest_(registers.keys()) {}

  void Need() {
    for (uint32_t process = 0; process < registers_.processes(); ++process) FindFacts(process);
    for (uint32_t process = 0; process < registers_.processes(); ++process) {
      known_.Forget();
      newest_.Forget();
      for (const uint32_t position : registers_.OfProcess(process)) {
        if (order_.watch().IsSpent()) return;
        if (!registers_.IsRead(position)) continue;
        Check(position);
        Learn(position);
      }
    }
  }

 private:
  bool IsFact(uint32_t position) const {
    if (facts_ == Facts::kReads) {
      return registers_.IsRead(position) && registers_.WriteOf(position) != kInitialWrite;
    }
    return !registers_.IsRead(position) && registers_.IsAnswered(position);
  }
  uint32_t PlaceOf(uint32_t operation) const {
    return candidate_.PlaceOf(registers_.WriteOf(operation));
  }

  void FindFacts(uint32_t process) {
    of_client_.Forget();
    for (const uint32_t position : registers_.OfProcess(process)) {
      if (order_.watch().IsSpent()) break;
      const uint32_t key = registers_.at(position).key;
      if (!registers_.IsRead(position)) {
        if (const uint32_t* const before = of_client_.Find(key)) {
          newest_before_[position] = *before;
          if (facts_ == Facts::kReads) NeedOfWriter(*before, position);
        }
      }
      if (!IsFact(position)) continue;
      const uint32_t place = PlaceOf(position);
      const uint32_t* const before = of_client_.Find(key);
      // The first fact of a key is always passed on: it decides which reads count as checked.
      if (before == nullptr || suspects_.CanContradict(key, place, registers_.at(position).end)) {
        all_facts_.push_back({key, place, registers_.PlaceOf(position), position});
      }
      if (before == nullptr || PlaceOf(*before) < PlaceOf(position)) of_client_[key] = position;
    }
    first_fact_[process + 1] = static_cast<uint32_t>(all_facts_.size());
  }

  // Values that a client had read from a key are older than its own write to the key. `fact` is the
  // newest of them.
  void NeedOfWriter(uint32_t fact, uint32_t position) {
    order_.NeedStrictly(registers_.WriteOf(fact), position,
                        {.cause = fact, .link = kNoNode, .effect = position});
  }

  void Check(uint32_t position) {
    const Newest* const newest = newest_.Find(registers_.at(position).key);
    if (newest == nullptr || newest->fact == kNoNode) return;
    const uint32_t saw = registers_.WriteOf(position);
    const uint32_t write = registers_.WriteOf(newest->fact);
    bool bad =
        order_.Need(write, saw, {.cause = newest->fact, .link = newest->by, .effect = position});
    if (write == saw && newest->overwritten_by != kNoNode) {
      bad = true;
      order_.Refuse(registers_.WriteOf(newest->overwritten_by), saw,
                    {.cause = newest->fact, .link = newest->overwritten_by, .effect = position});
    }
    order_.Count(bad);
  }

  // The reader saw a write, and with it everything that the write's client knew before.
  void Learn(uint32_t position) {
    const uint32_t write = registers_.WriteOf(position);
    if (write == kInitialWrite) return;
    const uint32_t process = registers_.at(write).process;
    uint32_t& known = known_[process];  // number of the client's facts already taken
    const uint32_t first = first_fact_[process];
    const uint32_t count = first_fact_[process + 1] - first;
    const uint32_t place = registers_.PlaceOf(write);
    const uint32_t before = known;
    uint32_t next = known;
    for (; next < count && all_facts_[first + next].place < place; ++next) {
      Take(all_facts_[first + next], position);
    }
    known = next;
    order_.watch().IsSpent(next - before);
    const uint32_t own = newest_before_[write];
    if (own == kNoNode) return;
    // The write is newer than the facts that its client knew about the same key.
    Newest& newest = newest_[registers_.at(write).key];
    if (newest.fact != kNoNode && registers_.WriteOf(newest.fact) == registers_.WriteOf(own)) {
      newest.overwritten_by = position;
    }
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
  std::vector<Fact> all_facts_;          // that matter, grouped by client, in the client's order
  std::vector<uint32_t> first_fact_;     // by client: index in all_facts_
  std::vector<uint32_t> newest_before_;  // by write: its client's newest fact of its key
  Forgettable<uint32_t> of_client_{registers_.keys()};
  Forgettable<uint32_t> known_;  // of the current reader, by client
  Forgettable<Newest> newest_;   // of the current reader, by key
};

}  // namespace

void NeedNewestFacts(const Registers& registers, Facts facts, WriteOrder* order) {
  NewestFacts(registers, facts, order).Need();
}

}  // namespace replsim::judge
