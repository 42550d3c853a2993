#include "simulator/report/failover_rows.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "simulator/metrics/format.h"
#include "simulator/report/metric_rows.h"

namespace replsim {
namespace {

using Run = proto::RunReport;

const Run& WithLongestOutage(const Columns& columns) {
  const std::vector<const Run*> runs = RunsOf(columns);
  return **std::max_element(runs.begin(), runs.end(), [](const Run* a, const Run* b) {
    return a->availability().rto_ms() < b->availability().rto_ms();
  });
}

// "detection 100, promotion 50, first write 50 ms". Election and discovery only if they took time.
std::string PartsText(const Run::Availability& outage) {
  if (!outage.has_detect_ms() || !outage.has_promote_ms() || !outage.has_first_write_ms()) {
    return "";
  }
  std::vector<std::string> parts;
  const auto add = [&parts](const char* name, double ms) {
    parts.push_back(absl::StrCat(name, " ", ShortNumber(ms)));
  };
  add("detection", outage.detect_ms());
  if (outage.elect_ms() > 0) add("election", outage.elect_ms());
  add("promotion", outage.promote_ms());
  if (outage.discover_ms() > 0) add("discovery", outage.discover_ms());
  parts.push_back(absl::StrCat("first write ", MillisText(outage.first_write_ms())));
  return absl::StrJoin(parts, ", ");
}

TableRow RtoRow(const Columns& columns) {
  TableRow row = RowOf("writes stopped (RTO)", columns, [](const RunGroup& column) {
    const bool open =
        AnyRun({column}, [](const Run& run) { return run.availability().rto_at_least(); });
    return absl::StrCat(open ? ">= " : "", CellText("rto_ms", column));
  });
  const Run& longest = WithLongestOutage(columns);
  const std::string parts = PartsText(longest.availability());
  if (!parts.empty()) row.remark = absl::StrCat(parts, InRun(longest, columns));
  return row;
}

// Whether the nodes elect primaries in the run.
bool HasElections(const Run& run) {
  if (run.elections().candidacies() > 0 || run.elections().step_downs() > 0) return true;
  return std::any_of(run.knobs().begin(), run.knobs().end(), [](const Run::Setting& setting) {
    return setting.path() == "failover.suspect_after";
  });
}

}  // namespace

std::vector<TableRow> FailoverRows(const Columns& columns) {
  std::vector<TableRow> rows;
  if (AnyKnown(columns, "rto_ms") || AnyNotZero(columns, "failovers")) {
    rows.push_back(RtoRow(columns));
  }
  rows.push_back(RowOf("longest time without a write", columns, "unavailable_ms"));
  if (!AnyRun(columns, HasElections)) return rows;
  rows.push_back(RowOf(columns, "elections"));
  for (const char* metric : {"election_rounds_lost", "wasted_failovers", "step_downs",
                             "dual_primary_ms", "dual_acks", "deposed_stale_reads"}) {
    AddWhereNotZero(metric, columns, rows);
  }
  return rows;
}

}  // namespace replsim
