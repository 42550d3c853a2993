#include "simulator/judge/carried_facts.h"

#include <memory>
#include <vector>

namespace replsim::judge {
namespace {

// The facts that one client learned about one key, in the client's order.
struct Lane {
  uint32_t process = 0;
  uint32_t key = 0;
  struct Fact {
    uint32_t place = 0;      // rank of the operation that showed it, among its client's
    uint32_t operation = 0;  // position of that operation
    // Range in newest_: the maximal facts up to this one, that is, none is known to be before
    // another.
    uint32_t newest_begin = 0;
    uint32_t newest_end = 0;
  };
  std::vector<Fact> facts;
};

class CarriedFacts {
 public:
  CarriedFacts(const Registers& registers, Facts facts, WriteOrder* order)
      : registers_(registers),
        facts_(facts),
        order_(*order),
        lanes_of_key_(registers.keys()),
        lane_of_write_(registers.size(), kNoNode),
        known_(registers.processes()) {}

  void Need() {
    for (uint32_t process = 0; process < registers_.processes(); ++process) BuildLanes(process);
    cursors_ = std::make_unique<Forgettable<Cursor>>(lanes_.size());
    for (uint32_t process = 0; process < registers_.processes(); ++process) NeedOf(process);
  }

 private:
  // How much of a client's facts a reader knows.
  struct Known {
    uint32_t place = 0;  // the reader knows the facts with a lower place
    uint32_t by = 0;     // the reader's read that shows it
  };
  struct Cursor {
    uint32_t known = 0;        // number of the lane's facts that bound the reader's next reads
    uint32_t overwritten = 0;  // number of facts older than a write of the key that it saw
    Known same_key;
  };

  void BuildLanes(uint32_t process) {
    lane_of_key_.Forget();
    for (const Access& access : registers_.OfProcess(process)) {
      if (order_.watch().IsSpent()) return;
      if (IsFact(access, facts_)) {
        const auto fresh = static_cast<uint32_t>(lanes_.size());
        if (lane_of_key_.Find(access.key) == nullptr) {
          lane_of_key_[access.key] = fresh;
          lanes_of_key_[access.key].push_back(fresh);
          lanes_.push_back({process, access.key, {}});
        }
        AddFact(access.position, &lanes_[lane_of_key_[access.key]]);
      }
      if (access.is_read) continue;
      const uint32_t* const lane = lane_of_key_.Find(access.key);
      if (lane == nullptr) continue;
      lane_of_write_[access.position] = *lane;
      if (facts_ == Facts::kReads) NeedOfWriter(access.position, lanes_[*lane]);
    }
  }

  void AddFact(uint32_t position, Lane* lane) {
    const uint32_t write = registers_.WriteOf(position);
    const auto begin = static_cast<uint32_t>(newest_.size());
    if (!order_.TakesMemory(sizeof(Lane::Fact))) return;
    if (!lane->facts.empty()) {
      const Lane::Fact& last = lane->facts.back();
      if (registers_.WriteOf(last.operation) == write) return;  // already known
      for (uint32_t i = last.newest_begin; i < last.newest_end; ++i) {
        const uint32_t old = registers_.WriteOf(newest_[i]);
        if (old == write || order_.IsBefore(old, write)) continue;
        if (!order_.TakesMemory(sizeof(newest_[i]))) return;
        newest_.push_back(newest_[i]);
      }
    }
    newest_.push_back(position);
    lane->facts.push_back(
        {registers_.PlaceOf(position), position, begin, static_cast<uint32_t>(newest_.size())});
  }

  // The maximal ones of the first `count` facts, as positions of the operations that showed them.
  absl::Span<const uint32_t> NewestOf(const Lane& lane, uint32_t count) const {
    if (count == 0) return {};
    const Lane::Fact& fact = lane.facts[count - 1];
    return {newest_.data() + fact.newest_begin, fact.newest_end - fact.newest_begin};
  }

  // Values that a client had read from a key are older than its own write to the key.
  void NeedOfWriter(uint32_t position, const Lane& lane) {
    for (const uint32_t fact : NewestOf(lane, static_cast<uint32_t>(lane.facts.size()))) {
      order_.NeedStrictly(registers_.WriteOf(fact), position,
                          {.cause = fact, .link = kNoNode, .effect = position});
    }
  }

  void NeedOf(uint32_t process) {
    known_.Forget();
    cursors_->Forget();
    for (const Access& access : registers_.OfProcess(process)) {
      if (order_.watch().IsSpent()) return;
      if (!access.is_read) continue;
      Check(access.position);
      Learn(access.position);
    }
  }

  void Check(uint32_t position) {
    bool checked = false;
    bool bad = false;
    const std::vector<uint32_t>& lanes = lanes_of_key_[registers_.at(position).key];
    if (order_.watch().IsSpent(lanes.size() / 16)) return;
    for (const uint32_t number : lanes) {
      const Lane& lane = lanes_[number];
      const Known* const known = known_.Find(lane.process);
      if (known == nullptr) continue;
      Cursor& cursor = (*cursors_)[number];
      const auto advance = [&lane](uint32_t place, uint32_t* count) {
        while (*count < lane.facts.size() && lane.facts[*count].place < place) ++*count;
      };
      advance(known->place, &cursor.known);
      advance(cursor.same_key.place, &cursor.overwritten);
      checked |= cursor.known > 0;
      const uint32_t saw = registers_.WriteOf(position);
      for (const uint32_t fact : NewestOf(lane, cursor.known)) {
        bad |= order_.Need(registers_.WriteOf(fact), saw,
                           {.cause = fact, .link = known->by, .effect = position});
      }
      for (const uint32_t fact : NewestOf(lane, cursor.overwritten)) {
        if (registers_.WriteOf(fact) != saw) continue;
        bad |= order_.Need(registers_.WriteOf(cursor.same_key.by), saw,
                           {.cause = fact, .link = cursor.same_key.by, .effect = position});
      }
    }
    if (checked) order_.Count(bad);
  }

  // The reader saw a write, and with it everything that the write's client knew.
  void Learn(uint32_t position) {
    const uint32_t write = registers_.WriteOf(position);
    if (write == kInitialWrite) return;
    const uint32_t place = registers_.PlaceOf(write);
    const auto learn = [&](Known* known) {
      if (place > known->place) *known = {place, position};
    };
    learn(&known_[registers_.at(write).process]);
    if (lane_of_write_[write] != kNoNode) learn(&(*cursors_)[lane_of_write_[write]].same_key);
  }

  const Registers& registers_;
  const Facts facts_;
  WriteOrder& order_;
  std::vector<Lane> lanes_;
  std::vector<std::vector<uint32_t>> lanes_of_key_;
  Forgettable<uint32_t> lane_of_key_{registers_.keys()};  // of the current client
  std::vector<uint32_t> lane_of_write_;                   // by write: its client's lane for its key
  std::vector<uint32_t> newest_;
  Forgettable<Known> known_;  // of the current reader, by client
  std::unique_ptr<Forgettable<Cursor>> cursors_;
};

}  // namespace

void NeedCarriedFacts(const Registers& registers, Facts facts, WriteOrder* order) {
  if (order->candidate() != nullptr) {
    NeedNewestFacts(registers, facts, order);
  } else {
    CarriedFacts(registers, facts, order).Need();
  }
}

}  // namespace replsim::judge
