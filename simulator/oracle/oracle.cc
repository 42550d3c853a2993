#include "simulator/oracle/oracle.h"

#include <iterator>
#include <utility>

namespace replsim {

std::vector<std::string> FindViolations(const proto::Scenario& resolved, const Recording& recording,
                                        const proto::RunReport& report) {
  std::vector<std::string> all;
  const auto add = [&all](std::vector<std::string> found) {
    all.insert(all.end(), std::make_move_iterator(found.begin()),
               std::make_move_iterator(found.end()));
  };
  add(FindForgottenFlushes(resolved, recording));
  add(FindFalseReports(recording));
  add(FindEarlyReleases(resolved, recording));
  add(FindEarlyApplies(resolved, recording));
  add(FindWrongReads(resolved, recording, report));
  add(FindMissingFlushesAndRollbacks(resolved, recording));
  add(FindTwoLeaders(recording));
  add(FindTwoVotes(recording));
  add(FindUnelectedLeaders(resolved, recording));
  add(FindIneligibleCandidates(resolved, recording));
  add(FindOverlappingLeads(resolved, recording));
  add(FindLossyElections(resolved, recording));
  return all;
}

}  // namespace replsim
