// Compares one scenario's reports from both runtimes, variant by variant. The fates of writes must
// be equal; times may differ by the overhead of a real machine. Usage: agreement LIVE_RUN
// VIRTUAL_RUN. Prints a table; exits with 1 if the two disagree.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "simulator/analysis/host_notes.h"
#include "simulator/metrics/metrics.h"
#include "simulator/metrics/quantity.h"
#include "simulator/report/report_file.h"

namespace replsim {
namespace {

// Counts that must be 0 in both or in neither. How many writes are in flight at a fault depends on
// microseconds; whether they can be lost does not.
const char* const kFates[] = {"acked_lost",       "protected_lost", "holes",    "rejected_survived",
                              "unprotected_acks", "phantom_reads",  "converged"};

// Times in milliseconds. A live time may be shorter than the virtual one by the fraction `below`
// plus 1 ms, and longer by `above_ms`, the overhead of a shared machine. This overhead is small for
// the fastest write and large for the median. Where the report says that the machine was busy, it
// has no limit: writes that arrive at a given rate then queue. The lower bound is not checked if
// this machine's disk is faster than the modelled one: near a disk's limit, waiting times grow
// faster than its service time.
struct Time {
  const char* metric;
  double below;
  double above_ms;
};
const Time kTimes[] = {{"write_min_ms", 0.15, 10},
                       {"write_p50_ms", 0.15, 250},
                       {"receive_lag_p50_ms.r1", 0.25, 250},
                       {"apply_lag_p50_ms.r1", 0.25, 250}};

// The parts of the outage of one election that nothing random decides; the wait before a candidacy
// is drawn, and so is the clients' next round of questions.
const Time kElectionTimes[] = {{"detect_ms", 0.15, 250}, {"promote_ms", 1, 250}};

// One failover by election, no round of it lost, and the election inside the outage: the outage of
// a paused primary begins after the election if it answered once more when it went on.
bool IsOneElection(const proto::RunReport& report) {
  return report.availability().failovers() == 1 && report.elections().candidacies() == 1 &&
         report.elections().wasted_failovers() == 0 && report.availability().elect_ms() > 0;
}

bool Row(const std::string& variant, const std::string& metric, const std::string& live,
         const std::string& simulated, bool agrees) {
  std::printf("%-20s %-24s %12s %12s  %s\n", variant.c_str(), metric.c_str(), live.c_str(),
              simulated.c_str(), agrees ? "agree" : "DISAGREE");
  return agrees;
}

std::string Text(const Metric& metric, const std::optional<double>& value) {
  return value ? MetricText(metric.unit, *value) : "-";
}

bool DiskIsQuicker(const proto::RunReport& live, const proto::RunReport& simulated) {
  const Metric metric = *FindMetric("flush_p50_ms");
  const std::optional<double> a = metric.Get(live);
  const std::optional<double> b = metric.Get(simulated);
  return a && b && *a < 0.85 * *b;
}

bool Compare(const proto::RunReport& live, const proto::RunReport& simulated) {
  bool agree = true;
  for (const char* name : kFates) {
    const Metric metric = *FindMetric(name);
    const std::optional<double> a = metric.Get(live);
    const std::optional<double> b = metric.Get(simulated);
    agree &= Row(live.variant(), name, Text(metric, a), Text(metric, b),
                 a.has_value() == b.has_value() && (a.value_or(0) > 0) == (b.value_or(0) > 0));
  }
  if (live.has_elections() && simulated.has_elections()) {
    const uint64_t a = live.availability().failovers();
    const uint64_t b = simulated.availability().failovers();
    agree &= Row(live.variant(), "failovers", absl::StrCat(a), absl::StrCat(b), (a > 0) == (b > 0));
  }
  // Clients that wait for answers send in bursts. How long a replica is behind one depends on how
  // the bursts fall.
  const bool in_bursts = std::any_of(
      live.knobs().begin(), live.knobs().end(), [](const proto::RunReport::Setting& knob) {
        return absl::StartsWith(knob.path(), "workload.arrival.closed");
      });
  // If two replicas are equally up to date, either may be promoted, and it has no lag afterwards.
  const bool failover = live.availability().failovers() > 0;
  const bool busy = WasBusy(live.host());
  if (busy) std::printf("%-20s busy machine: longer times agree\n", live.variant().c_str());
  std::vector<Time> times(std::begin(kTimes), std::end(kTimes));
  const bool elected = live.elections().candidacies() + simulated.elections().candidacies() > 0;
  if (IsOneElection(live) && IsOneElection(simulated)) {
    times.insert(times.end(), std::begin(kElectionTimes), std::end(kElectionTimes));
  }
  for (const Time& time : times) {
    const Metric metric = *FindMetric(time.metric);
    if ((failover || in_bursts) && metric.of_replica) continue;
    // Writes that arrive during a long outage include the drawn wait of the candidate.
    if (elected && std::string(time.metric) == "write_p50_ms") continue;
    const std::optional<double> a = metric.Get(live);
    const std::optional<double> b = metric.Get(simulated);
    const bool quicker = DiskIsQuicker(live, simulated);
    const double at_least = quicker ? 0 : b.value_or(0) * (1 - time.below) - 1;
    const bool agrees = a && b ? *a >= at_least && (busy || *a <= *b + time.above_ms) : a == b;
    agree &= Row(live.variant(), time.metric, Text(metric, a), Text(metric, b), agrees);
  }
  return agree;
}

int Main(const std::string& live_run, const std::string& virtual_run) {
  const absl::StatusOr<proto::Report> live = LoadReport(live_run);
  const absl::StatusOr<proto::Report> simulated = LoadReport(virtual_run);
  for (const auto* report : {&live, &simulated}) {
    if (report->ok()) continue;
    std::fprintf(stderr, "agreement: %s\n", std::string(report->status().message()).c_str());
    return 64;
  }
  std::printf("%-20s %-24s %12s %12s\n", "variant", "", "live", "virtual");
  bool agree = live->runs_size() == simulated->runs_size();
  for (int i = 0; i < std::min(live->runs_size(), simulated->runs_size()); ++i) {
    agree &= Compare(live->runs(i), simulated->runs(i));
  }
  return agree ? 0 : 1;
}

}  // namespace
}  // namespace replsim

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: agreement LIVE_RUN VIRTUAL_RUN\n");
    return 64;
  }
  return replsim::Main(argv[1], argv[2]);
}
