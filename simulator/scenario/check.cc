#include "simulator/scenario/check.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/suggest.h"
#include "simulator/metrics/comparison.h"
#include "simulator/metrics/metrics.h"
#include "simulator/promise/scenario_facts.h"
#include "simulator/scenario/check_parts.h"

namespace replsim {
namespace {

void CheckName(const CheckContext& context) {
  const std::string& name = context.scenario.name();
  constexpr size_t kLongest = 100;
  bool plain =
      !name.empty() && name.size() <= kLongest && name.front() != '.' && name.front() != '-';
  for (const char c : name) {
    plain = plain && (absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                      absl::StrContains("._-", std::string(1, c)));
  }
  if (!plain) {
    context.Refuse(
        "name",
        absl::StrCat("name '", name.substr(0, kLongest),
                     "' must be usable as a folder name: letters, digits, '.', '_', '-', at most ",
                     kLongest));
  }
}

void CheckDurations(const CheckContext& context) {
  const proto::Scenario& scenario = context.scenario;
  if (!scenario.has_duration()) {
    context.Refuse("duration",
                   "duration is missing; expected the duration of the load, e.g. duration: 5s");
  } else if (scenario.duration().ns() == 0) {
    context.Refuse("duration", "duration is zero; expected the duration of the load, e.g. 5s");
  }
  if (scenario.settle().ns() == 0) {
    context.Refuse("settle", "settle is zero; a cluster needs time to converge (default 10s)");
  }
  const proto::Heartbeat& heartbeat = scenario.cluster().heartbeat();
  if (heartbeat.interval().ns() == 0) {
    context.Refuse("cluster.heartbeat.interval", "heartbeat.interval is zero; expected e.g. 100ms");
  } else if (heartbeat.timeout().ns() <= heartbeat.interval().ns() &&
             context.Known("cluster.heartbeat.interval")) {
    context.Refuse("cluster.heartbeat.timeout",
                   "heartbeat.timeout must be longer than heartbeat.interval; otherwise every idle "
                   "stream breaks");
  }
}

void CheckReplicas(const CheckContext& context) {
  const uint32_t replicas = context.scenario.cluster().replicas();
  if (replicas > kMaxReplicas) {
    context.Refuse("cluster.replicas",
                   absl::StrCat(replicas, " replicas are too many for a run; expected at most ",
                                kMaxReplicas));
  }
}

void CheckMetricsPort(const CheckContext& context) {
  const proto::Cluster& cluster = context.scenario.cluster();
  constexpr uint32_t kHighest = 65535;
  const uint32_t others =
      std::min(cluster.replicas(), kMaxReplicas) + std::min(cluster.witnesses(), kMaxWitnesses);
  if (cluster.metrics_port() <= kHighest - others) return;
  context.Refuse("cluster.metrics_port",
                 absl::StrCat("metrics_port ", cluster.metrics_port(), " and the ", others,
                              " ports after it exceed ", kHighest,
                              "; expected e.g. 9464, or 0 for free ports"));
}

void CheckGroups(const CheckContext& context) {
  const std::vector<std::string> ends = EndIds(context.scenario);
  for (const proto::Group& group : context.scenario.cluster().groups()) {
    const std::string path = absl::StrCat("cluster.groups.", group.name());
    if (std::find(ends.begin(), ends.end(), group.name()) != ends.end()) {
      context.Refuse(path, absl::StrCat("group '", group.name(),
                                        "' has the name of a node; expected a different name"));
    }
    if (group.nodes().empty()) {
      context.Refuse(path, absl::StrCat("group '", group.name(),
                                        "' is empty; expected node ids, e.g. [p, r1]"));
    }
    if (ends.size() > VoterIds(context.scenario).size() + context.scenario.workload().clients() &&
        context.Known("workload.clients")) {
      context.Refuse("workload.clients", "there are fewer clients than client groups");
    }
    for (const std::string& node : group.nodes()) {
      if (!context.Known("cluster.replicas")) break;
      if (std::find(ends.begin(), ends.end(), node) != ends.end()) continue;
      context.Refuse(path, absl::StrCat("unknown node '", node, "' in group '", group.name(), "'",
                                        Suggest(node, ends)));
    }
  }
}

void CheckNetwork(const CheckContext& context) {
  for (int i = 0; i < context.scenario.network_size(); ++i) {
    const proto::Link& link = context.scenario.network(i);
    const std::string path = absl::StrCat("network[", i, "]");
    if (link.between().empty()) {
      CheckEnds(context, path, {link.from().begin(), link.from().end()},
                {link.to().begin(), link.to().end()});
    }
    CheckBetween(context, path, link);
    if (!link.has_delay() && !link.has_rtt()) {
      context.Refuse(
          path,
          absl::StrCat(path, " sets nothing; expected delay or rtt, jitter, bandwidth or loss"));
      continue;
    }
    if (link.has_delay()) CheckDelay(context, path + ".delay", link.delay());
    if (link.has_bandwidth()) CheckBandwidth(context, path + ".bandwidth", link.bandwidth());
    if (link.has_loss()) CheckLoss(context, path + ".loss", link.loss());
  }
}

void CheckMachine(const CheckContext& context) {
  const proto::Machine& machine = context.scenario.machine();
  if (machine.has_hop()) CheckDelay(context, "machine.hop", machine.hop());
  if (machine.has_flush()) CheckDelay(context, "machine.flush", machine.flush());
  if (machine.has_write()) CheckDelay(context, "machine.write", machine.write());
  if (machine.has_replica_flush()) {
    CheckDelay(context, "machine.replica_flush", machine.replica_flush());
  }
  const proto::Hops& hops = machine.hops();
  if (hops.has_request()) CheckDelay(context, "machine.hops.request", hops.request());
  if (hops.has_answer()) CheckDelay(context, "machine.hops.answer", hops.answer());
  if (hops.has_records()) CheckDelay(context, "machine.hops.records", hops.records());
  if (hops.has_ack()) CheckDelay(context, "machine.hops.ack", hops.ack());
  const std::vector<std::string> nodes = VoterIds(context.scenario);
  for (int i = 0; i < machine.clocks_size(); ++i) {
    const proto::Clock& clock = machine.clocks(i);
    const std::string path = absl::StrCat("machine.clocks[", i, "]");
    if (context.Known("cluster.replicas") &&
        std::find(nodes.begin(), nodes.end(), clock.node()) == nodes.end()) {
      context.Refuse(path + ".node", absl::StrCat("unknown node '", clock.node(), "'",
                                                  Suggest(clock.node(), nodes)));
    }
    CheckDrift(context, path + ".drift", clock.drift());
  }
}

// Limits the count to the maximum that CheckScenario accepts, whatever the file says.
uint32_t Replicas(const proto::Scenario& scenario) {
  return std::min(scenario.cluster().replicas(), kMaxReplicas);
}

}  // namespace

std::vector<std::string> ReplicaIds(const proto::Scenario& scenario) {
  std::vector<std::string> ids;
  for (uint32_t i = 1; i <= Replicas(scenario); ++i) ids.push_back(absl::StrCat("r", i));
  return ids;
}

std::vector<std::string> NodeIds(const proto::Scenario& scenario) {
  std::vector<std::string> ids = ReplicaIds(scenario);
  ids.insert(ids.begin(), "p");
  return ids;
}

std::vector<std::string> WitnessIds(const proto::Scenario& scenario) {
  proto::Cluster cluster;
  cluster.set_witnesses(std::min(scenario.cluster().witnesses(), kMaxWitnesses));
  return WitnessNames(cluster);
}

std::vector<std::string> VoterIds(const proto::Scenario& scenario) {
  std::vector<std::string> ids = NodeIds(scenario);
  for (std::string& witness : WitnessIds(scenario)) ids.push_back(std::move(witness));
  return ids;
}

void CheckEnds(const CheckContext& context, const std::string& path,
               const std::vector<std::string>& from, const std::vector<std::string>& to) {
  std::vector<std::string> known = EndIds(context.scenario);
  for (const proto::Group& group : context.scenario.cluster().groups()) {
    known.push_back(group.name());
  }
  for (const auto& [side, ids] : {std::pair{".from", &from}, std::pair{".to", &to}}) {
    if (ids->empty())
      context.Refuse(path, absl::StrCat(path, " has no '", side + 1, "'; expected node ids"));
    for (const std::string& id : *ids) {
      if (std::find(known.begin(), known.end(), id) != known.end()) continue;
      if (!context.Known("cluster.replicas") || !context.Known("cluster.groups")) continue;
      context.Refuse(path + side, absl::StrCat("unknown node '", id, "'", Suggest(id, known)));
    }
  }
  for (const std::string& id : from) {
    if (std::find(to.begin(), to.end(), id) == to.end()) continue;
    context.Refuse(path + ".to",
                   absl::StrCat("'", id, "' is on both sides; a link connects two nodes"));
  }
}

void CheckDrift(const CheckContext& context, const std::string& path, double drift) {
  constexpr double kMost = 10;
  if (drift <= -1) {
    context.Refuse(path, absl::StrCat(path,
                                      ": a drift of -1 or less stops the clock; expected e.g. "
                                      "0.001"));
  } else if (drift > kMost) {
    context.Refuse(path, absl::StrCat(path, ": a drift of ", drift,
                                      "; expected at most 10, e.g. "
                                      "0.001"));
  }
}

std::vector<std::string> EndIds(const proto::Scenario& scenario) {
  std::vector<std::string> ids = VoterIds(scenario);
  for (std::string& client : ClientEnds(scenario.cluster())) ids.push_back(std::move(client));
  return ids;
}

std::string ClientsOf(const proto::Group& group) { return absl::StrCat("client@", group.name()); }

std::vector<std::string> ClientEnds(const proto::Cluster& cluster) {
  std::vector<std::string> ends;
  for (const proto::Group& group : cluster.groups()) {
    const std::string own = ClientsOf(group);
    if (std::find(group.nodes().begin(), group.nodes().end(), own) != group.nodes().end()) {
      ends.push_back(own);
    }
  }
  if (ends.empty()) ends.push_back("client");
  return ends;
}

namespace {

// Returns the groups that contain clients.
std::vector<std::string> ClientGroups(const proto::Cluster& cluster) {
  std::vector<std::string> names;
  for (const proto::Group& group : cluster.groups()) {
    const bool has_clients = std::any_of(
        group.nodes().begin(), group.nodes().end(),
        [&group](const std::string& node) { return node == "client" || node == ClientsOf(group); });
    if (has_clients) names.push_back(group.name());
  }
  return names;
}

}  // namespace

void CheckScenario(const proto::Scenario& scenario, const Places& places, Mistakes* mistakes) {
  const CheckContext context{scenario, places, mistakes};
  CheckName(context);
  CheckDurations(context);
  CheckReplicas(context);
  CheckMetricsPort(context);
  CheckGroups(context);
  CheckNetwork(context);
  CheckHeartbeatTimeouts(context);
  CheckMachine(context);
  CheckReplication(context);
  CheckElections(context);
  CheckWorkload(context);
  CheckFaults(context);
}

void CheckExpectations(const proto::Scenario& scenario,
                       const std::optional<std::vector<std::string>>& variants,
                       const Places& places, Mistakes* mistakes) {
  const CheckContext context{scenario, places, mistakes};
  const auto check_variant = [&](const std::string& name, const std::string& path) {
    if (!variants.has_value()) return;
    if (std::find(variants->begin(), variants->end(), name) != variants->end()) return;
    context.Refuse(path, absl::StrCat("unknown variant '", name, "'", Suggest(name, *variants)));
  };
  // Includes p, which comes back as a replica after a failover.
  const auto check_replica = [&, nodes = NodeIds(scenario)](const Metric& metric,
                                                            const std::string& path) {
    if (std::find(nodes.begin(), nodes.end(), metric.replica) != nodes.end()) return;
    if (!context.Known("cluster.replicas")) return;
    context.Refuse(path, absl::StrCat("'", metric.name, "' names unknown replica '", metric.replica,
                                      "'", Suggest(metric.replica, nodes)));
  };
  const auto check_group = [&](const Metric& metric, const std::string& path) {
    const std::vector<std::string> groups = ClientGroups(scenario.cluster());
    const bool known = std::find(groups.begin(), groups.end(), metric.group) != groups.end();
    if (known && groups.size() >= 2) return;
    context.Refuse(
        path, groups.size() < 2
                  ? absl::StrCat("'", metric.name, "' applies to one client group, but ",
                                 "cluster.groups does not define several groups with clients")
                  : absl::StrCat("'", metric.name, "' names unknown client group '", metric.group,
                                 "'", Suggest(metric.group, groups)));
  };
  for (int i = 0; i < scenario.expect_size(); ++i) {
    const proto::Expect& expect = scenario.expect(i);
    const std::string path = absl::StrCat("expect[", i, "]");
    for (const std::string& name : expect.variant()) check_variant(name, path + ".variant");
    if (expect.condition().empty())
      context.Refuse(path,
                     absl::StrCat(path, " has no condition; expected e.g. acked_lost: \"== 0\""));
    for (const proto::Condition& condition : expect.condition()) {
      const std::string at = absl::StrCat(path, ".", condition.metric());
      const absl::StatusOr<Metric> metric = FindMetric(condition.metric());
      if (!metric.ok()) {
        context.Refuse(at, std::string(metric.status().message()));
        continue;
      }
      if (metric->of_replica) check_replica(*metric, at);
      if (!metric->group.empty()) check_group(*metric, at);
      const absl::StatusOr<Comparison> test = ParseComparison(condition.test(), metric->unit);
      if (!test.ok()) {
        context.Refuse(at, absl::StrCat(condition.metric(), ": ", test.status().message()));
      } else if (!test->variant.empty()) {
        check_variant(test->variant, at);
      }
    }
  }
}

bool IsValidScenario(const proto::Scenario& scenario) {
  Mistakes mistakes;
  CheckScenario(scenario, Places(), &mistakes);
  return mistakes.empty();
}

}  // namespace replsim
