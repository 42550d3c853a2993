#include "simulator/analysis/availability/throughput.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/time.h"
#include "protos/types.pb.h"
#include "simulator/metrics/format.h"

namespace replsim {
namespace {

bool IsCommittedWrite(const Operation& operation) {
  return operation.is_write && operation.outcome == proto::COMMITTED;
}

double LoadSeconds(const Recording& recording) {
  return static_cast<double>(recording.manifest.load_end_ns() -
                             recording.manifest.load_begin_ns()) /
         1e9;
}

// Writes whose intended start is inside the load, per second.
double DuePerSecond(const Recording& recording) {
  const auto due = std::count_if(
      recording.operations.begin(), recording.operations.end(), [&](const Operation& operation) {
        return operation.is_write && operation.intended_ns >= recording.manifest.load_begin_ns() &&
               operation.intended_ns <= recording.manifest.load_end_ns();
      });
  return static_cast<double>(due) / LoadSeconds(recording);
}

std::optional<uint64_t> LowestSecond(const Recording& recording) {
  const int64_t begin = recording.manifest.load_begin_ns();
  const int64_t seconds = (recording.manifest.load_end_ns() - begin) / kSecondNs;
  if (seconds <= 0) return std::nullopt;
  std::vector<uint64_t> committed(static_cast<size_t>(seconds));
  for (const Operation& operation : recording.operations) {
    if (!IsCommittedWrite(operation) || operation.completed_ns < begin) continue;
    const auto second = static_cast<size_t>((operation.completed_ns - begin) / kSecondNs);
    if (second < committed.size()) ++committed[second];
  }
  return *std::min_element(committed.begin(), committed.end());
}

// The mean time from sending to answer, over the operations sent and answered in the healthy phase.
std::optional<double> MeanSeconds(const Recording& recording, const LoadPhases& phases) {
  if (!phases.healthy) return std::nullopt;
  double sum = 0;
  uint64_t count = 0;
  for (const Operation& operation : recording.operations) {
    if (operation.outcome != proto::COMMITTED) continue;
    if (!phases.healthy->Contains(operation.invoked_ns)) continue;
    if (!phases.healthy->Contains(operation.completed_ns)) continue;
    sum += static_cast<double>(operation.completed_ns - operation.invoked_ns);
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count) / 1e9;
}

std::optional<uint64_t> ClientsNeeded(const WorkloadFacts& facts,
                                      const std::optional<double>& mean_seconds) {
  if (!facts.rate || !mean_seconds || facts.depth == 0) return std::nullopt;
  const double in_flight = *facts.rate * *mean_seconds;
  return static_cast<uint64_t>(std::ceil(in_flight / static_cast<double>(facts.depth)));
}

}  // namespace

std::optional<double> CommittedPerSecond(const Recording& recording) {
  if (LoadSeconds(recording) <= 0) return std::nullopt;
  const auto committed = std::count_if(
      recording.operations.begin(), recording.operations.end(), [&](const Operation& operation) {
        return IsCommittedWrite(operation) &&
               operation.completed_ns >= recording.manifest.load_begin_ns() &&
               operation.completed_ns <= recording.manifest.load_end_ns();
      });
  return static_cast<double>(committed) / LoadSeconds(recording);
}

proto::RunReport::Throughput MeasureThroughput(const Recording& recording,
                                               const WorkloadFacts& facts,
                                               const LoadPhases& phases) {
  proto::RunReport::Throughput out;
  if (LoadSeconds(recording) <= 0 || recording.operations.empty()) return out;
  const bool known = facts.rate && facts.write_share;
  out.set_offered_per_second(known ? *facts.rate * *facts.write_share : DuePerSecond(recording));
  if (const auto lowest = LowestSecond(recording)) {
    out.set_goodput_min_per_second(static_cast<double>(*lowest));
  }
  if (const auto needed = ClientsNeeded(facts, MeanSeconds(recording, phases))) {
    out.set_clients_needed(*needed);
  }
  return out;
}

std::string TooFewClients(const Recording& recording, const WorkloadFacts& facts,
                          const LoadPhases& phases) {
  const std::optional<double> mean = MeanSeconds(recording, phases);
  const std::optional<uint64_t> needed = ClientsNeeded(facts, mean);
  if (!needed || !facts.clients || *needed <= *facts.clients) return "";
  const bool writes_only = facts.write_share == 1.0;
  return absl::StrCat(
      *facts.clients, *facts.clients == 1 ? " client" : " clients",
      facts.depth > 1 ? absl::StrCat(" with ", facts.depth, " operations in flight each") : "",
      " cannot offer ", ShortNumber(*facts.rate), "/s at ", MillisText(*mean * 1e3), " ",
      writes_only ? "a write" : "an operation", ": ", Thousands(*needed), " needed");
}

}  // namespace replsim
