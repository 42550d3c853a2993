// Whether virtual time tells the truth: one scenario's reports from both runtimes, variant by
// variant. What becomes of writes must be the same; times may differ by what a real machine adds.
// Usage: agreement LIVE_RUN VIRTUAL_RUN. Prints a table; status 1 where the two disagree.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "simulator/metrics/metrics.h"
#include "simulator/metrics/quantity.h"
#include "simulator/report/report_file.h"

namespace replsim {
namespace {

// Counts that must be 0 in both or in neither: how many writes are in flight at a fault is a matter
// of microseconds, whether they can be lost is not.
const char* const kFates[] = {"acked_lost",       "protected_lost", "holes",    "rejected_survived",
                              "unprotected_acks", "phantom_reads",  "converged"};

// Times in milliseconds: live may be shorter than virtual by `below` of it and a millisecond, and
// longer by `above_ms`, which is what neighbours on the machine may add: little to the fastest
// write, which says what a write waits for in any case, much to the median. How short live may be
// is not judged where this machine's disk is quicker than the one that virtual time pretends: close
// to what a disk can do, waiting times depend on its speed out of all proportion.
struct Time {
  const char* metric;
  double below;
  double above_ms;
};
const Time kTimes[] = {{"write_min_ms", 0.15, 10},
                       {"write_p50_ms", 0.15, 250},
                       {"receive_lag_p50_ms.r1", 0.25, 250},
                       {"apply_lag_p50_ms.r1", 0.25, 250}};

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
  // Clients that wait for their answers come in bursts, and how much of the time a replica is
  // behind one is a matter of how the bursts fall.
  const bool in_bursts = std::any_of(
      live.knobs().begin(), live.knobs().end(), [](const proto::RunReport::Setting& knob) {
        return absl::StartsWith(knob.path(), "workload.arrival.closed");
      });
  // Of two replicas that are equally good either may be promoted, and has no lag from there on.
  const bool failover = live.availability().failovers() > 0;
  for (const Time& time : kTimes) {
    const Metric metric = *FindMetric(time.metric);
    if ((failover || in_bursts) && metric.of_replica) continue;
    const std::optional<double> a = metric.Get(live);
    const std::optional<double> b = metric.Get(simulated);
    const bool quicker = DiskIsQuicker(live, simulated);
    const double at_least = quicker ? 0 : b.value_or(0) * (1 - time.below) - 1;
    const bool agrees = a && b ? *a >= at_least && *a <= *b + time.above_ms : a == b;
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
