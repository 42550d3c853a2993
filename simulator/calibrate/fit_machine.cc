#include "simulator/calibrate/fit_machine.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/calibrate/calm_part.h"
#include "simulator/calibrate/hop_samples.h"
#include "simulator/calibrate/node_samples.h"

namespace replsim {
namespace {

// Fewer samples do not determine a p99.
constexpr size_t kFewestSamples = 100;
// Default latencies of virtual time (protos/scenario.proto).
constexpr int64_t kDefaultWake = 50'000;
constexpr int64_t kDefaultWork = 4'000;
constexpr int64_t kDefaultWrite = 5'000;

std::vector<DelaySample> Together(const HopSamples& hops) {
  std::vector<DelaySample> all;
  for (const auto* part : {&hops.requests, &hops.answers, &hops.records, &hops.acks}) {
    all.insert(all.end(), part->begin(), part->end());
  }
  return all;
}

class Fitter {
 public:
  Fitter(const Recording& recording, const proto::Scenario& scenario)
      : recording_(recording), scenario_(scenario), calm_(CalmPartOf(recording)) {}

  MachineFit Fit() {
    proto::Machine& machine = fit_.machine;
    const auto wake = Median("wake", "50us", WakeSamples(recording_, scenario_, calm_));
    if (wake) machine.mutable_wake()->set_ns(*wake);
    const auto write = Median("write", "5us", WriteSamples(recording_, scenario_));
    if (write) machine.mutable_write()->mutable_plus()->set_ns(*write);
    FitWork();
    const NodeCosts costs{wake.value_or(kDefaultWake),
                          machine.has_work() ? machine.work().ns() : kDefaultWork,
                          write.value_or(kDefaultWrite)};
    FitFlushes(costs.wake_ns);
    FitHops(costs);
    return std::move(fit_);
  }

 private:
  // Keeps the part if it has enough samples; returns whether it has.
  bool Keep(const std::string& name, const std::string& otherwise,
            std::vector<DelaySample> samples) {
    FittedPart part{name, otherwise, MeasuredDelay(std::move(samples)), ""};
    const size_t exact = part.measured.samples() - part.measured.held();
    if (exact < kFewestSamples) {
      part.unfitted = exact == 0 ? "not recorded"
                                 : absl::StrCat("fewer than ", kFewestSamples, " samples: ", exact);
    }
    fit_.parts.push_back(std::move(part));
    return fit_.parts.back().unfitted.empty();
  }
  void KeepDelay(const std::string& name, const std::string& otherwise,
                 std::vector<DelaySample> samples, proto::Delay* (*part)(proto::Machine*)) {
    if (!Keep(name, otherwise, std::move(samples))) return;
    *part(&fit_.machine) = fit_.parts.back().measured.ToDelay();
  }
  // For parts that are a single number.
  std::optional<int64_t> Median(const std::string& name, const std::string& otherwise,
                                std::vector<DelaySample> samples) {
    if (!Keep(name, otherwise, std::move(samples))) return std::nullopt;
    return fit_.parts.back().measured.Quantile(0.5);
  }

  void FitWork() {
    const std::optional<WorkEstimate> work = EstimateWork(recording_, calm_);
    FittedPart part{"work", "4us", MeasuredDelay(), ""};
    if (work) {
      part.measured = MeasuredDelay(std::vector<DelaySample>(work->samples, {work->ns}));
      fit_.machine.mutable_work()->set_ns(work->ns);
    } else {
      part.unfitted =
          "too few commits that acknowledge several writes, or their variance is too large";
    }
    fit_.parts.push_back(std::move(part));
  }

  void FitFlushes(int64_t wake_ns) {
    KeepDelay("flush", "300us", FlushSamples(recording_, scenario_, calm_, true, wake_ns),
              [](proto::Machine* m) { return m->mutable_flush(); });
    KeepDelay("replica_flush", "as flush",
              FlushSamples(recording_, scenario_, calm_, false, wake_ns),
              [](proto::Machine* m) { return m->mutable_replica_flush(); });
  }

  void FitHops(const NodeCosts& costs) {
    const HopSamples hops = HopSamplesOf(recording_, scenario_, calm_, costs);
    KeepDelay("hop", "150us", Together(hops), [](proto::Machine* m) { return m->mutable_hop(); });
    KeepDelay("hops.request", "as hop", hops.requests,
              [](proto::Machine* m) { return m->mutable_hops()->mutable_request(); });
    KeepDelay("hops.answer", "as hop", hops.answers,
              [](proto::Machine* m) { return m->mutable_hops()->mutable_answer(); });
    KeepDelay("hops.records", "as hop", hops.records,
              [](proto::Machine* m) { return m->mutable_hops()->mutable_records(); });
    KeepDelay("hops.ack", "as hop", hops.acks,
              [](proto::Machine* m) { return m->mutable_hops()->mutable_ack(); });
  }

  const Recording& recording_;
  const proto::Scenario& scenario_;
  const CalmPart calm_;
  MachineFit fit_;
};

}  // namespace

absl::StatusOr<MachineFit> FitMachine(const Recording& recording, const proto::Scenario& scenario) {
  REPL_RETURN_IF_ERROR(CheckEvidence(recording));
  MachineFit fit = Fitter(recording, scenario).Fit();
  if (!fit.machine.has_hop()) {
    const auto hop = std::find_if(fit.parts.begin(), fit.parts.end(),
                                  [](const FittedPart& part) { return part.name == "hop"; });
    return absl::InvalidArgumentError(absl::StrCat(
        recording.folder, ": ", hop->measured.samples(), " messages between processes before the ",
        "first fault; expected at least ", kFewestSamples,
        ": record a longer run of a scenario without faults and with writes"));
  }
  return fit;
}

}  // namespace replsim
