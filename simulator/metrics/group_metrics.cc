#include "simulator/metrics/group_metrics.h"

#include "absl/strings/str_cat.h"

namespace replsim {
namespace {

using Run = proto::RunReport;

MetricValue ReadGroup(const Run& run, const std::string& group, bool reads) {
  for (const Run::GroupInterruption& told : run.interruptions().groups()) {
    if (told.group() != group) continue;
    return reads ? REPL_FIELD(told, read_unavailable_ms) : REPL_FIELD(told, unavailable_ms);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Metric> FindGroupMetric(absl::string_view name) {
  const size_t dot = name.find('.');
  if (dot == absl::string_view::npos || dot + 1 == name.size()) return std::nullopt;
  const absl::string_view base = name.substr(0, dot);
  const bool reads = base == "read_unavailable_ms";
  if (!reads && base != "unavailable_ms") return std::nullopt;
  const std::string group(name.substr(dot + 1));
  Metric metric;
  metric.name = std::string(name);
  metric.label =
      absl::StrCat("longest time without a ", reads ? "read" : "write", ", clients in ", group);
  metric.unit = MetricUnit::kMillis;
  metric.meaning = absl::StrCat("longest interval in the load without an answer to a ",
                                reads ? "read" : "write", " of these clients");
  metric.read = [group, reads](const Run& run, const std::string&) {
    return ReadGroup(run, group, reads);
  };
  metric.group = group;
  metric.better = Direction::kLowerIsBetter;
  return metric;
}

const std::vector<GroupMetricForm>& GroupMetricForms() {
  static const std::vector<GroupMetricForm>& forms = *new std::vector<GroupMetricForm>{
      {"unavailable_ms.GROUP",
       "longest interval in the load without a committed write of this group's clients; only with "
       "several groups (cluster.groups)"},
      {"read_unavailable_ms.GROUP", "the same for reads"}};
  return forms;
}

}  // namespace replsim
