#include "simulator/analysis/host_notes.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/time.h"
#include "simulator/analysis/writes/issue_delay.h"
#include "simulator/metrics/format.h"

namespace replsim {
namespace {

// A run has about four processes with a few threads each, so this many tasks per processor are its
// own.
constexpr double kRunnablePerProcessor = 3;
// An idle machine wakes a timer within a millisecond. Starting processes delays a few of them,
// hence the 90th percentile.
constexpr double kTimerLateMs = 10;
// Longer than a fast write takes: beyond this, latencies reflect the load generator.
constexpr double kIssuedLateMs = 5;

std::string BusyNote(const proto::Manifest::Host& host) {
  return absl::StrCat(
      "this machine was busy (load ", ShortNumber(host.load_average()), " on ", host.processors(),
      host.processors() == 1 ? " core" : " cores", ", ", ShortNumber(host.runnable()),
      " runnable tasks, timers ", MillisText(host.timer_late_p90_ms()),
      " late at p90): live latencies reflect the machine, not the replication mode");
}

}  // namespace

bool WasBusy(const proto::Manifest::Host& host) {
  return host.runnable() > kRunnablePerProcessor * host.processors() ||
         host.timer_late_p90_ms() > kTimerLateMs;
}

std::vector<std::string> JudgeHost(const Recording& recording, proto::RunReport& report) {
  std::vector<std::string> notes;
  const proto::Manifest& manifest = recording.manifest;
  if (manifest.runtime() != "live") return notes;
  if (manifest.has_host()) {
    *report.mutable_host() = manifest.host();
    if (WasBusy(manifest.host())) notes.push_back(BusyNote(manifest.host()));
  }
  const std::optional<int64_t> late_ns = IssueDelayP99(recording);
  if (!late_ns) return notes;
  const double late_ms = MillisFrom(*late_ns);
  report.set_issued_late_p99_ms(late_ms);
  if (late_ms > kIssuedLateMs) {
    notes.push_back(absl::StrCat("the load generator was overloaded: it started operations ",
                                 MillisText(late_ms),
                                 " late at p99, and every latency here includes that delay"));
  }
  return notes;
}

}  // namespace replsim
