#include "simulator/explore/shrink.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <google/protobuf/util/message_differencer.h>

#include "simulator/explore/ddmin.h"
#include "simulator/scenario/check.h"

namespace replsim {
namespace {

constexpr int64_t kMillisecond = 1'000'000;

// Rounds times, for readability.
int64_t Rounded(int64_t ns) { return ns < kMillisecond ? ns : ns - ns % kMillisecond; }

class Shrinker {
 public:
  using Predicate = std::function<bool(const proto::Scenario&)>;

  Shrinker(const proto::Scenario& failing, const Predicate& fails, int trials_max, int healing)
      : fails_(fails), trials_max_(trials_max), healing_(healing), smallest_(failing) {
    // The links are already expanded, and groups would prevent fewer replicas. Sites are kept,
    // because clients sit there.
    const auto& sites = ClientEnds(smallest_.cluster());
    if (sites.size() == 1) smallest_.mutable_cluster()->clear_groups();
  }

  Shrunk Go() {
    for (bool smaller = true; smaller && !exhausted_;) {
      smaller = Faults();
      smaller |= Network();
      smaller |= Clients();
      smaller |= Time();
      smaller |= Writes();
      if (healing_ == 0) smaller |= Replicas();
    }
    return {smallest_, trials_, !exhausted_};
  }

 private:
  bool Fails(const proto::Scenario& candidate) {
    if (!IsValidScenario(candidate)) return false;
    if (trials_ == trials_max_) exhausted_ = true;
    if (exhausted_) return false;
    ++trials_;
    return fails_(candidate);
  }
  bool Try(const proto::Scenario& candidate) {
    using google::protobuf::util::MessageDifferencer;
    if (MessageDifferencer::Equals(candidate, smallest_) || !Fails(candidate)) return false;
    smallest_ = candidate;
    return true;
  }

  // Tries `low` first, then halves the value as long as the scenario fails. `set` stores a value in
  // a scenario.
  template <class T>
  bool Lower(T value, T low, const std::function<void(T, proto::Scenario*)>& set) {
    const auto to = [&](T lower) {
      proto::Scenario candidate = smallest_;
      set(lower, &candidate);
      return Try(candidate);
    };
    if (value <= low) return false;
    if (to(low)) return true;
    bool smaller = false;
    while (value / 2 > low && to(value / 2)) {
      value /= 2;
      smaller = true;
    }
    return smaller;
  }

  // The faults that may be removed or moved.
  int free_faults() const { return smallest_.faults_size() - healing_; }

  bool Faults() {
    const proto::Scenario before = smallest_;
    const auto free = static_cast<size_t>(free_faults());
    const auto with = [&](std::vector<size_t> subset) {
      for (int i = 0; i < healing_; ++i) subset.push_back(free + static_cast<size_t>(i));
      return KeepFaults(before, subset);
    };
    const std::vector<size_t> kept =
        MinimalSubset(free, [&](const std::vector<size_t>& subset) { return Fails(with(subset)); });
    if (kept.size() == free) return false;
    smallest_ = with(kept);
    return true;
  }

  bool Network() {
    const proto::Scenario before = smallest_;
    const auto with = [&](const std::vector<size_t>& subset) {
      proto::Scenario candidate = before;
      candidate.clear_network();
      for (const size_t i : subset) *candidate.add_network() = before.network(static_cast<int>(i));
      return candidate;
    };
    const auto all = static_cast<size_t>(before.network_size());
    const std::vector<size_t> kept =
        MinimalSubset(all, [&](const std::vector<size_t>& subset) { return Fails(with(subset)); });
    if (kept.size() == all) return false;
    smallest_ = with(kept);
    return true;
  }

  bool Clients() {
    return Lower<uint32_t>(smallest_.workload().clients(), 1,
                           [](uint32_t clients, proto::Scenario* scenario) {
                             scenario->mutable_workload()->set_clients(clients);
                           });
  }

  // Shortens the load and the times of each fault.
  bool Time() {
    bool smaller = false;
    for (int i = 0; i < free_faults(); ++i) {
      const proto::When when = smallest_.faults(i).when();
      smaller |= Lower<int64_t>(when.at().ns(), 0, [i](int64_t ns, proto::Scenario* scenario) {
        scenario->mutable_faults(i)->mutable_when()->mutable_at()->set_ns(Rounded(ns));
      });
      smaller |=
          Lower<int64_t>(when.after_previous().ns(), 0, [i](int64_t ns, proto::Scenario* scenario) {
            proto::When* shorter = scenario->mutable_faults(i)->mutable_when();
            shorter->mutable_after_previous()->set_ns(Rounded(ns));
          });
      smaller |= Lasting(i);
    }
    if (healing_ > 0) return smaller;
    smaller |= Lower<int64_t>(smallest_.duration().ns(), kMillisecond,
                              [](int64_t ns, proto::Scenario* scenario) {
                                scenario->mutable_duration()->set_ns(Rounded(ns));
                              });
    return smaller;
  }

  // Makes a fault happen once, and for a shorter time.
  bool Lasting(int i) {
    bool smaller = false;
    if (smallest_.faults(i).has_every()) {
      proto::Scenario once = smallest_;
      once.mutable_faults(i)->clear_every();
      once.mutable_faults(i)->clear_times();
      smaller = Try(once);
    }
    return Lower<int64_t>(smallest_.faults(i).for_().ns(), kMillisecond,
                          [i](int64_t ns, proto::Scenario* scenario) {
                            scenario->mutable_faults(i)->mutable_for_()->set_ns(Rounded(ns));
                          }) ||
           smaller;
  }

  // Lowers the rate of the load, and the counts that faults wait for.
  bool Writes() {
    bool smaller = false;
    if (healing_ == 0 && smallest_.workload().arrival().has_rate()) {
      const double rate = smallest_.workload().arrival().rate().per_second();
      smaller |= Lower<double>(std::ceil(rate), 1, [](double lower, proto::Scenario* scenario) {
        scenario->mutable_workload()->mutable_arrival()->mutable_rate()->set_per_second(
            std::ceil(lower));
      });
    }
    for (int i = 0; i < free_faults(); ++i) {
      const proto::When when = smallest_.faults(i).when();
      smaller |= Lower<uint64_t>(when.hit(), 1, [i](uint64_t hit, proto::Scenario* scenario) {
        scenario->mutable_faults(i)->mutable_when()->set_hit(hit);
      });
      smaller |= Lower<uint64_t>(when.committed(), 1, [i](uint64_t n, proto::Scenario* scenario) {
        scenario->mutable_faults(i)->mutable_when()->set_committed(n);
      });
    }
    return smaller;
  }

  bool Replicas() {
    bool smaller = false;
    for (;;) {
      proto::Scenario candidate = smallest_;
      const uint32_t replicas = candidate.cluster().replicas();
      if (replicas == 0) return smaller;
      candidate.mutable_cluster()->set_replicas(replicas - 1);
      if (!Try(candidate)) return smaller;
      smaller = true;
    }
  }

  const Predicate& fails_;
  const int trials_max_;
  const int healing_;
  int trials_ = 0;
  bool exhausted_ = false;
  proto::Scenario smallest_;
};

// The trigger of a removed fault passes to the next one. If the trigger is a count or a failpoint,
// the delay between the two is lost.
void PassOnTrigger(const proto::When& gone, proto::When* next) {
  const int64_t delay = next->after_previous().ns();
  *next = gone;
  if (gone.has_after_previous()) {
    next->mutable_after_previous()->set_ns(gone.after_previous().ns() + delay);
  } else if (gone.has_at()) {
    next->mutable_at()->set_ns(gone.at().ns() + delay);
  }
}

}  // namespace

proto::Scenario KeepFaults(const proto::Scenario& scenario, const std::vector<size_t>& kept) {
  std::vector<proto::Fault> faults(scenario.faults().begin(), scenario.faults().end());
  proto::Scenario smaller = scenario;
  smaller.clear_faults();
  for (size_t i = 0; i < faults.size(); ++i) {
    if (std::binary_search(kept.begin(), kept.end(), i)) {
      *smaller.add_faults() = faults[i];
    } else if (i + 1 < faults.size() && faults[i + 1].when().has_after_previous()) {
      PassOnTrigger(faults[i].when(), faults[i + 1].mutable_when());
    }
  }
  return smaller;
}

Shrunk Shrink(const proto::Scenario& failing,
              const std::function<bool(const proto::Scenario&)>& fails, int trials_max,
              int healing) {
  return Shrinker(failing, fails, trials_max, healing).Go();
}

}  // namespace replsim
