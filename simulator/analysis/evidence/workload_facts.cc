#include "simulator/analysis/evidence/workload_facts.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "simulator/analysis/evidence/settings.h"
#include "simulator/metrics/quantity.h"

namespace replsim {
namespace {

using Settings = std::map<std::string, std::string>;

std::string TextOf(const Settings& settings, const std::string& path) {
  const auto found = settings.find(path);
  return found == settings.end() ? "" : found->second;
}

std::optional<double> NumberOf(const Settings& settings, const std::string& path, MetricUnit unit) {
  const std::optional<Quantity> quantity = ReadQuantity(TextOf(settings, path));
  if (!quantity) return std::nullopt;
  const absl::StatusOr<double> number = InUnit(*quantity, unit);
  return number.ok() ? std::optional(*number) : std::nullopt;
}

// cluster.groups.west: [r1, "client@west"], in the order of the scenario.
std::vector<std::string> ClientGroups(
    const std::vector<std::pair<std::string, std::string>>& settings) {
  std::vector<std::string> groups;
  for (const auto& [path, value] : settings) {
    absl::string_view name = path;
    if (!absl::ConsumePrefix(&name, "cluster.groups.")) continue;
    if (absl::StrContains(value, absl::StrCat("client@", name))) groups.emplace_back(name);
  }
  return groups;
}

}  // namespace

WorkloadFacts ReadWorkloadFacts(absl::string_view scenario_yaml) {
  const auto in_order = FlattenSettings(scenario_yaml);
  const Settings settings(in_order.begin(), in_order.end());
  WorkloadFacts facts;
  facts.rate = NumberOf(settings, "workload.arrival.rate", MetricUnit::kPerSecond);
  const auto weight = [&](const char* kind) {
    return NumberOf(settings, absl::StrCat("workload.mix.", kind), MetricUnit::kRatio).value_or(0);
  };
  const double writes =
      weight("write") + weight("delete") + weight("cas") + weight("append") + weight("transaction");
  const double all = writes + weight("read");
  if (all > 0) facts.write_share = writes / all;
  if (const auto clients = NumberOf(settings, "workload.clients", MetricUnit::kCount)) {
    facts.clients = static_cast<uint64_t>(*clients);
  }
  const auto depth = NumberOf(settings, "workload.depth", MetricUnit::kCount);
  const bool one_at_a_time = TextOf(settings, "workload.style") == "blocking";
  if (depth && !one_at_a_time) facts.depth = static_cast<uint64_t>(*depth);
  if (const auto deadline = NumberOf(settings, "workload.deadline", MetricUnit::kMillis)) {
    facts.deadline_ns = std::llround(*deadline * 1e6);
  }
  facts.client_groups = ClientGroups(in_order);
  const std::string stage = TextOf(settings, "replication.ack_after");
  if (!stage.empty()) facts.waits_for_replicas = absl::StartsWith(stage, "replica-");
  facts.on_timeout = TextOf(settings, "replication.on_timeout");
  if (TextOf(settings, "replication.sync_set") == "in-sync") {
    const auto size = NumberOf(settings, "replication.in_sync.size", MetricUnit::kCount);
    facts.in_sync_size = static_cast<uint64_t>(size.value_or(0));
  }
  const std::string never = TextOf(settings, "failover.never_leads");
  if (!never.empty()) facts.never_lead = 1 + std::count(never.begin(), never.end(), ',');
  return facts;
}

}  // namespace replsim
