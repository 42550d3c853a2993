#include "simulator/scenario/warnings.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/promise/gate_reach.h"
#include "simulator/scenario/check.h"
#include "simulator/scenario/election_warnings.h"

namespace replsim {
namespace {

constexpr char kBest[] = "best";
constexpr char kOtherSet[] = "; expected a sync_set that another replica can fill, e.g. any 1";

// Returns why no write can pass the gate after this promotion; empty if one can.
std::string WhyGateShuts(const proto::Scenario& scenario, const std::string& promoted) {
  if (promoted != kBest) return WhyGateCannotBeReached(scenario.replication(), promoted);
  for (const std::string& id : ReplicaIds(scenario)) {
    if (!MayLead(scenario, id)) continue;
    std::string why = WhyGateCannotBeReached(scenario.replication(), id);
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
    const std::string why = WhyGateShuts(scenario, fault.node());
    if (why.empty()) continue;
    const std::string does = elects ? absl::StrCat("lets ", fault.node(), " stand for election")
                                    : absl::StrCat("promotes ", fault.node());
    warnings->push_back({places.Find(absl::StrCat("faults[", i, "].node")),
                         absl::StrCat("faults[", i, "] ", does, ", and ", why, kOtherSet)});
  }
  if (!elects || !warnings->empty()) return;
  for (const std::string& id : ReplicaIds(scenario)) {
    const std::string why = WhyGateCannotBeReached(scenario.replication(), id);
    if (why.empty() || !MayLead(scenario, id)) continue;
    warnings->push_back({places.Find("replication.sync_set"),
                         absl::StrCat(id, " can be elected, and ", why, kOtherSet,
                                      ", or failover.never_leads: ", id)});
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
