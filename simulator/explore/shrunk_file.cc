#include "simulator/explore/shrunk_file.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "simulator/analysis/reads/guarantee_order.h"
#include "simulator/fault_kinds/fault_kind.h"
#include "simulator/metrics/format.h"
#include "simulator/promise/guarantee_promise.h"
#include "simulator/promise/promise.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

// "power-loss p", "partition p - r1, r2", "kill primary at after-primary.ack"
std::string FaultInWords(const proto::Fault& fault) {
  std::string text = NameOf(fault.do_());
  if (!fault.node().empty()) absl::StrAppend(&text, " ", fault.node());
  if (!fault.from().empty()) {
    absl::StrAppend(&text, " ", absl::StrJoin(fault.from(), ", "), fault.one_way() ? " → " : " - ",
                    absl::StrJoin(fault.to(), ", "));
  }
  if (!fault.when().point().empty()) absl::StrAppend(&text, " at ", fault.when().point());
  return text;
}

}  // namespace

std::string FaultsInWords(const proto::Scenario& scenario) {
  if (scenario.faults().empty()) return "no fault";
  constexpr int kMostNamed = 5;
  const int all = scenario.faults_size();
  std::vector<std::string> faults;
  for (int i = 0; i < std::min(all, kMostNamed); ++i) {
    faults.push_back(FaultInWords(scenario.faults(i)));
  }
  if (all > kMostNamed) faults.push_back(absl::StrCat("and ", all - kMostNamed, " more"));
  return absl::StrCat(Counted(static_cast<uint64_t>(all), "fault"), ": ",
                      absl::StrJoin(faults, ", "));
}

std::string SizeInWords(const proto::Scenario& scenario) {
  return absl::StrCat(Counted(static_cast<uint64_t>(scenario.faults_size()), "fault"), ", ",
                      Counted(scenario.workload().clients(), "client"), ", ",
                      ToText(scenario.duration()), ", ",
                      Counted(scenario.cluster().replicas(), "replica"));
}

void AddExpectations(const std::string& kind, proto::Scenario* scenario) {
  proto::Expect* expect = scenario->add_expect();
  const auto add = [expect](const std::string& metric, const std::string& test) {
    proto::Condition* condition = expect->add_condition();
    condition->set_metric(metric);
    condition->set_test(test);
  };
  // "not-held: acked_lost == 0"
  absl::string_view condition = kind;
  if (absl::ConsumePrefix(&condition, kNotHeld)) {
    const size_t space = condition.find(' ');
    add(std::string(condition.substr(0, space)), std::string(condition.substr(space + 1)));
    return;
  }
  add("converged", "== 1");
  add("holes", "== 0");
  if (kind == kUnpromisedLoss) add("acked_lost", "> 0");
  if (PromiseOf(*scenario).keeps_acknowledged) add("protected_lost", "== 0");
  for (const GuaranteePromise& guarantee : GuaranteesOf(*scenario)) {
    // Other guarantees may not be judged: the run may have no reads.
    if (kind != absl::StrCat(kGuaranteeBroken, LabelOfGuarantee(guarantee.name))) continue;
    add(guarantee.name, guarantee.name == "linearizable" ? "== yes" : "== 0");
  }
}

}  // namespace replsim
