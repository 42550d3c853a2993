#include "simulator/analysis/durability/none_eligible.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "simulator/promise/scenario_facts.h"
#include "simulator/recording/eligible_nodes.h"

namespace replsim {

void ExcuseWhereNoneIsEligible(const proto::Scenario& resolved, const Recording& recording,
                               proto::RunReport& report) {
  if (resolved.failover().unclean_restart() != proto::NOT_ELIGIBLE) return;
  if (!report.divergence().has_converged() || report.divergence().converged()) return;
  const size_t votes = NodesNeeded(resolved.failover().granted_by(), Electorate(resolved));
  if (!EligibleNodes(recording, votes).empty()) return;
  auto& breaches = *report.mutable_breaches();
  const auto ends = std::remove_if(breaches.begin(), breaches.end(), [](const std::string& breach) {
    return absl::StartsWith(breach, "did not converge: ");
  });
  if (ends == breaches.end()) return;
  breaches.erase(ends, breaches.end());
  report.mutable_elections()->set_none_is_eligible(true);
  report.add_notes(absl::StrCat(
      "no node may lead: every member of the in-sync set was restarted after an unclean shutdown ",
      "and has not caught up since (failover.unclean_restart); the final log is that of ",
      recording.manifest.final_primary(), ", the newest"));
}

}  // namespace replsim
