// Clients that find the primary by themselves (workload.find_primary: ask-nodes). The clients of a
// site stay with the primary they know until something makes them doubt it: it refused an operation
// because it does not lead, it did not answer in time, or the connection to it ended. Then they ask
// every node that they are connected to whether it leads, at once and then every `ask_every`, until
// one says yes. The doubted node counts only if no other says yes in the same round, because a
// primary that was replaced may not know it yet.
//
// Everything runs under the run's scheduler, which outlives the finder.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "simulator/cluster/managed/primary_lookup.h"
#include "simulator/cluster/seam/scheduler.h"

namespace replsim {

class PrimaryFinder final : public PrimaryLookup {
 public:
  // `ask_every`: the time between two rounds of questions.
  PrimaryFinder(Options options, Nanos ask_every, Scheduler* scheduler);

  bool is_searching(size_t site) const override { return searches_[site].active; }
  void Use(size_t) override {}
  // Begins to ask, unless the clients ask already.
  void Doubt(size_t site, const NodeId& doubted) override;
  void Drop() override;

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
  const Nanos ask_every_;
  Scheduler* const scheduler_;
  std::vector<Search> searches_;  // one per site
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace replsim
