#include "simulator/scenario/warnings.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/promise/flush_reach.h"
#include "simulator/promise/gate_reach.h"
#include "simulator/scenario/check.h"
#include "simulator/scenario/election_warnings.h"

namespace replsim {
namespace {

constexpr char kBest[] = "best";

// Why no write can pass the gate while `leader` leads, and what to do; empty if one can.
std::string WhyGateShuts(const proto::Scenario& scenario, const std::string& leader) {
  const std::string set = WhyGateCannotBeReached(scenario.replication(), leader);
  if (!set.empty()) {
    return set + "; expected a sync_set that another replica can fill, e.g. any 1";
  }
  const std::string flush = WhyFlushNeverComes(scenario, leader);
  return flush.empty() ? "" : flush + "; expected another sync for that role";
}

// As WhyGateShuts, after this promotion.
std::string WhyPromotionShuts(const proto::Scenario& scenario, const std::string& promoted) {
  if (promoted != kBest) return WhyGateShuts(scenario, promoted);
  for (const std::string& id : ReplicaIds(scenario)) {
    if (!MayLead(scenario, id)) continue;
    std::string why = WhyGateShuts(scenario, id);
    if (!why.empty()) return absl::StrCat("best may be ", id, ": ", why);
  }
  return "";
}

// With elections a promote fault is a candidacy, and any replica may be elected without one.
void AddPromotionWarnings(const proto::Scenario& scenario, const Places& places,
                          std::vector<Mistake>* warnings) {
  const bool elects = scenario.failover().has_suspect_after();
  for (int i = 0; i < scenario.faults_size(); ++i) {
    const proto::Fault& fault = scenario.faults(i);
    if (fault.do_() != proto::PROMOTE) continue;
    const std::string why = WhyPromotionShuts(scenario, fault.node());
    if (why.empty()) continue;
    const std::string does = elects ? absl::StrCat("lets ", fault.node(), " stand for election")
                                    : absl::StrCat("promotes ", fault.node());
    warnings->push_back({places.Find(absl::StrCat("faults[", i, "].node")),
                         absl::StrCat("faults[", i, "] ", does, ", and ", why)});
  }
  if (!elects || !warnings->empty()) return;
  for (const std::string& id : ReplicaIds(scenario)) {
    const std::string why = WhyGateShuts(scenario, id);
    if (why.empty() || !MayLead(scenario, id)) continue;
    warnings->push_back(
        {places.Find("replication.sync_set"),
         absl::StrCat(id, " can be elected, and ", why, ", or failover.never_leads: ", id)});
  }
}

}  // namespace

std::vector<Mistake> FindWarnings(const proto::Scenario& scenario, const Places& places) {
  std::vector<Mistake> warnings;
  AddPromotionWarnings(scenario, places, &warnings);
  AddElectionWarnings(scenario, places, &warnings);
  return warnings;
}

}  // namespace replsim
