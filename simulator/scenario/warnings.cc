#include "simulator/scenario/warnings.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/promise/gate_reach.h"
#include "simulator/scenario/check.h"

namespace replsim {
namespace {

constexpr char kBest[] = "best";

// Returns why no write can pass the gate after this promotion; empty if one can.
std::string WhyGateShuts(const proto::Scenario& scenario, const std::string& promoted) {
  if (promoted != kBest) return WhyGateCannotBeReached(scenario.replication(), promoted);
  for (const std::string& id : ReplicaIds(scenario)) {
    std::string why = WhyGateCannotBeReached(scenario.replication(), id);
    if (!why.empty()) return absl::StrCat("best may be ", id, ": ", why);
  }
  return "";
}

}  // namespace

std::vector<Mistake> FindWarnings(const proto::Scenario& scenario, const Places& places) {
  std::vector<Mistake> warnings;
  for (int i = 0; i < scenario.faults_size(); ++i) {
    const proto::Fault& fault = scenario.faults(i);
    if (fault.do_() != proto::PROMOTE) continue;
    const std::string why = WhyGateShuts(scenario, fault.node());
    if (why.empty()) continue;
    warnings.push_back(
        {places.Find(absl::StrCat("faults[", i, "].node")),
         absl::StrCat("faults[", i, "] promotes ", fault.node(), ", and ", why,
                      "; expected a sync_set that another replica can fill, e.g. any 1")});
  }
  return warnings;
}

}  // namespace replsim
