// A proxy between the clients of each site and the nodes (workload.find_primary: proxy), as HAProxy
// in front of PostgreSQL. Every `check_every` it asks each node whether it leads. A node that says
// yes `rise` times in a row is up, and one that does not say yes `fall` times in a row is down. A
// node that has not answered by the next check has not said yes. The clients' writes go to a node
// that is up, and stay with it as long as it is; if none is up, they wait. A node that is up but
// failed a write gives way to another that is up and has not (HAProxy's option redispatch), until
// it says again that it leads.
//
// The checks of a site begin with its first write, when the first primary is up.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "simulator/cluster/managed/primary_lookup.h"
#include "simulator/cluster/seam/scheduler.h"

namespace replsim {

class PrimaryProxy final : public PrimaryLookup {
 public:
  struct Checks {
    Nanos every{0};
    uint32_t rise = 1;
    uint32_t fall = 1;
  };
  // `first`: the primary at the start.
  PrimaryProxy(Options options, Checks checks, const NodeId& first, Scheduler* scheduler);

  bool is_searching(size_t site) const override { return sites_[site].target == kNone; }
  void Use(size_t site) override;
  void Doubt(size_t site, const NodeId& doubted) override;
  void Drop() override { *alive_ = false; }

 private:
  static constexpr size_t kNone = SIZE_MAX;
  struct Node {
    bool up = false;
    uint32_t against = 0;   // checks in a row that contradict `up`
    bool answered = false;  // in this round
    bool doubted = false;   // it has failed a write since it last said that it leads
  };
  struct Site {
    bool checks = false;
    uint64_t round = 0;     // answers to an earlier round are ignored
    size_t target = kNone;  // index of the node that receives the writes
    std::vector<Node> nodes;
  };

  void BeginRound(size_t site);
  void EndRound(size_t site);
  void Count(size_t site, size_t node, bool leads);
  void Direct(size_t site);

  const Options options_;
  const Checks checks_;
  Scheduler* const scheduler_;
  std::vector<Site> sites_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace replsim
