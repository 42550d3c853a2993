#include "simulator/oracle/oracle.h"

#include <iterator>
#include <utility>

namespace replsim {
namespace {

bool RunsOurNodes(const proto::Scenario& resolved) {
  const proto::System system = resolved.cluster().system();
  return system == proto::SYSTEM_UNSPECIFIED || system == proto::REPLSIM;
}

}  // namespace

std::vector<std::string> FindViolations(const proto::Scenario& resolved, const Recording& recording,
                                        const proto::RunReport& report) {
  std::vector<std::string> all;
  const auto add = [&all](std::vector<std::string> found) {
    all.insert(all.end(), std::make_move_iterator(found.begin()),
               std::make_move_iterator(found.end()));
  };
  add(FindWrongReads(resolved, recording, report));
  add(FindTwoLeaders(recording));
  // The other rules are those of our protocol, and need each step of each stage.
  if (!RunsOurNodes(resolved)) return all;
  add(FindForgottenFlushes(resolved, recording));
  add(FindFalseReports(recording));
  add(FindEarlyReleases(resolved, recording));
  add(FindEarlyApplies(resolved, recording));
  add(FindMissingFlushesAndRollbacks(resolved, recording));
  add(FindTwoVotes(recording));
  add(FindUnelectedLeaders(resolved, recording));
  add(FindIneligibleCandidates(resolved, recording));
  add(FindOverlappingLeads(resolved, recording));
  add(FindLossyElections(resolved, recording));
  return all;
}

}  // namespace replsim
