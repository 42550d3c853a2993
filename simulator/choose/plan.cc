#include "simulator/choose/plan.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

std::string NetworkYaml(const ChooseRequest& request) {
  std::string yaml = "network:\n";
  for (const RoundTrip& trip : request.round_trips) {
    absl::StrAppend(&yaml, "  - {between: [", trip.a, ", ", trip.b, "], rtt: ", trip.rtt, "}\n");
  }
  return yaml;
}

std::string ChoiceYaml(const ChooseRequest& request, const std::string& mode,
                       const std::string& question, const std::vector<std::string>& faults) {
  std::string yaml = absl::StrCat(
      "name: choose\nquestion: \"", question, "\"\nduration: ", request.duration,
      "\ncluster: {replicas: ", ReplicasOf(request.round_trips), "}\n", NetworkYaml(request),
      "machine: {flush: ", request.flush, "}\nworkload:\n  clients: ", ClientsOf(request),
      "\n  arrival: {rate: ", request.rate, "}\n  mix: {write: ", 100 - request.read_percent,
      ", read: ", request.read_percent, "}\n  read_from: ", request.read_from,
      "\n  value_bytes: ", request.value_size, "\nreplication: {preset: '", mode, "'}\n");
  if (faults.empty()) return yaml;
  return absl::StrCat(yaml, "faults:\n  - ", absl::StrJoin(faults, "\n  - "), "\n");
}

absl::StatusOr<Variant> LoadChoice(const ChooseRequest& request, const std::string& mode,
                                   const std::string& question,
                                   const std::vector<std::string>& faults, uint64_t seed) {
  std::vector<std::string> sets;
  if (const auto own = request.mode_sets.find(mode); own != request.mode_sets.end()) {
    sets = own->second;
  }
  sets.insert(sets.end(), request.sets.begin(), request.sets.end());
  REPL_ASSIGN_OR_RETURN(
      const LoadedScenario loaded,
      LoadScenarioText(ChoiceYaml(request, mode, question, faults), "choose", sets, {}));
  Variant variant = loaded.variants[0];
  variant.scenario.set_seed(seed);
  return variant;
}

// The trigger of a try, as in a scenario file.
std::string WhenOf(const ChooseRequest& request, const TriedFailure& failure, uint32_t number,
                   int64_t load_ns, const HealthyFacts& healthy) {
  if (failure.of_primary && number == 0 && healthy.worst_instant_ns) {
    return absl::StrCat("at: ", *healthy.worst_instant_ns / 1000, "us");
  }
  constexpr double kEarliest = 0.25;
  constexpr double kLatest = 0.5;
  const double share =
      kEarliest + (kLatest - kEarliest) * (number + 0.5) / std::max(request.tries, 1u);
  const double seconds = share * static_cast<double>(load_ns) / 1e9;
  const auto hit = static_cast<uint64_t>(seconds * healthy.writes_per_second);
  if (failure.at_acknowledgement && number % 2 == 1 && hit > 0) {
    return absl::StrCat("point: after-primary.ack, hit: ", hit);
  }
  return absl::StrCat("at: ", static_cast<int64_t>(seconds * 1e6), "us");
}

// All nodes but the primary.
std::string OthersOf(const proto::Scenario& scenario) {
  std::vector<std::string> names;
  for (uint32_t i = 1; i <= scenario.cluster().replicas(); ++i) {
    names.push_back(absl::StrCat("r", i));
  }
  for (uint32_t i = 1; i <= scenario.cluster().witnesses(); ++i) {
    names.push_back(absl::StrCat("w", i));
  }
  return absl::StrJoin(names, ", ");
}

}  // namespace

absl::StatusOr<Variant> HealthyRun(const ChooseRequest& request, const std::string& mode,
                                   uint32_t repeat) {
  return LoadChoice(request, mode, absl::StrCat("What does a write cost in ", mode, "?"), {},
                    repeat + 1);
}

std::optional<int64_t> WorstInstantNs(const proto::Timeline& timeline) {
  double most = 0;
  std::optional<int64_t> instant;
  const auto& high = timeline.unreplicated_entries().high();
  for (int i = 0; i < high.size(); ++i) {
    const double at_s = i * timeline.bin_s();
    if (at_s > timeline.load_end_s() / 2) break;
    if (!(high[i] > most)) continue;  // NaN: unknown
    most = high[i];
    instant = static_cast<int64_t>(at_s * 1e9);
  }
  return instant;
}

absl::StatusOr<Variant> FailedRun(const ChooseRequest& request, const std::string& mode,
                                  const TriedFailure& failure, uint32_t number,
                                  const HealthyFacts& healthy) {
  REPL_ASSIGN_OR_RETURN(const Variant calm, HealthyRun(request, mode, number));
  FailureTry a_try;
  a_try.when = WhenOf(request, failure, number, calm.scenario.duration().ns(), healthy);
  a_try.replica = absl::StrCat("r", number % calm.scenario.cluster().replicas() + 1);
  a_try.others = OthersOf(calm.scenario);
  a_try.outage = request.outage;
  if (!calm.scenario.failover().has_suspect_after()) a_try.promote_after = request.promote_after;
  return LoadChoice(request, mode,
                    absl::StrCat("What does ", mode, " lose if this happens: ", failure.label, "?"),
                    failure.faults(a_try), number + 1);
}

}  // namespace replsim
