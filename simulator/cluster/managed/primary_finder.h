// Clients that find the primary by themselves (workload.find_primary: ask-nodes). The clients of a
// site stay with the primary they know until something makes them doubt it: it refused an operation
// because it does not lead, it did not answer in time, or the connection to it ended. Then they ask
// every node that they are connected to whether it leads, at once and then every `ask_every`, until
// one says yes. The doubted node counts only if no other says yes in the same round, because a
// primary that was replaced may not know it yet.
//
// A node says yes by answering a read as the primary. A new primary that does not answer reads yet
// (take_over: own-record) is not found before it does.
//
// Everything runs under the run's scheduler, which outlives the finder.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "common/base/ids.h"
#include "common/base/time.h"
#include "simulator/cluster/seam/scheduler.h"

namespace replsim {

class PrimaryFinder {
 public:
  struct Options {
    size_t sites = 1;
    std::vector<NodeId> nodes;
    Nanos ask_every{0};
    // Asks `node` over the links of `site` whether it leads. Calls `leads` once, by `deadline`, not
    // inside the call.
    std::function<void(size_t site, const NodeId& node, Instant deadline,
                       absl::AnyInvocable<void(bool)> leads)>
        ask;
    std::function<void(size_t site, const NodeId& primary)> found;
  };
  PrimaryFinder(Options options, Scheduler* scheduler);

  bool is_searching(size_t site) const { return searches_[site].active; }
  // The clients of `site` doubt that `doubted` leads: begins to ask, unless they ask already.
  void Doubt(size_t site, const NodeId& doubted);
  // Ends all searches; nothing is called afterwards.
  void Drop();

 private:
  struct Search {
    bool active = false;
    uint64_t round = 0;  // answers to an earlier round are ignored
    NodeId doubted;
    size_t unanswered = 0;       // of this round
    bool doubted_leads = false;  // as it says in this round
  };

  void BeginRound(size_t site);
  void HandleAnswer(size_t site, uint64_t round, const NodeId& node, bool leads);
  void Found(size_t site, const NodeId& primary);

  const Options options_;
  Scheduler* const scheduler_;
  std::vector<Search> searches_;  // one per site
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace replsim
