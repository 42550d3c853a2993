#include "simulator/cluster/systems/system_kinds.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "simulator/cluster/systems/postgres_settings.h"
#include "simulator/cluster/systems/redis_settings.h"

namespace replsim {
namespace {

constexpr uint32_t kReplicasMax = 8;
constexpr uint64_t kConnectionsMax = 1000;  // to one node

using C = Capability;

// The log of a server is read, and positions are computed, when the run has ended (kLogs without
// kPositions).
constexpr CapabilitySet kRealServer = {C::kKill,        C::kRestart,  C::kPause,     C::kPromote,
                                       C::kHostLoss,    C::kSlowNode, C::kLinkDelay, C::kPartitions,
                                       C::kLinkReset,   C::kSettings, C::kProcesses, C::kEpochs,
                                       C::kStageTraces, C::kLogs};

class Common {
 public:
  Common(const std::string& name, const proto::Scenario& scenario,
         std::vector<SystemRefusal>* refusals)
      : name_(name), scenario_(scenario), refusals_(refusals) {}

  void Check() {
    CheckCluster();
    CheckReplication();
    CheckFailover();
    CheckWorkload();
  }

 private:
  void Add(std::string path, absl::string_view what) {
    refusals_->push_back({std::move(path), absl::StrCat("system: ", name_, " ", what)});
  }

  void CheckCluster() {
    const proto::Cluster& cluster = scenario_.cluster();
    if (cluster.replicas() > kReplicasMax) {
      Add("cluster.replicas", absl::StrCat("starts at most ", kReplicasMax, " replicas"));
    }
    if (cluster.witnesses() > 0) Add("cluster.witnesses", "has no witnesses");
    if (!cluster.nodes().empty()) {
      Add("cluster.nodes", "configures all nodes alike; expected no settings of single nodes");
    }
    if (cluster.metrics_port() > 0) Add("cluster.metrics_port", "serves no /metrics");
    const auto sites = std::count_if(
        cluster.groups().begin(), cluster.groups().end(), [](const proto::Group& group) {
          return std::any_of(
              group.nodes().begin(), group.nodes().end(),
              [](const std::string& node) { return absl::StartsWith(node, "client"); });
        });
    if (sites > 1) Add("cluster.groups", "has clients at one site only; expected one group");
    const proto::Durability& durability = cluster.durability();
    if (durability.io() != proto::IO_UNSPECIFIED && durability.io() != proto::THREAD) {
      Add("cluster.durability.io", "does its disk I/O in its own way; expected no io");
    }
    if (durability.on_fsync_error() == proto::RETRY_FLUSH) {
      Add("cluster.durability.on_fsync_error", "decides itself what a failed flush means");
    }
    if (durability.has_group_delay() && durability.group_delay().ns() > 0) {
      Add("cluster.durability.group_delay", "has no group_delay; expected 0s");
    }
  }

  void CheckReplication() {
    const proto::ReplicationSpec& replication = scenario_.replication();
    if (replication.order() == proto::REPLICAS_FIRST) {
      Add("replication.order", "logs on the primary first; expected order: primary-first");
    }
    if (replication.has_in_sync()) {
      Add("replication.in_sync", "has no in-sync set; nearest is sync_set: any K");
    }
  }

  void CheckFailover() {
    if (scenario_.failover().has_suspect_after()) {
      Add("failover", "elects no primary here; use the fault `do: promote`");
    }
  }

  void CheckWorkload() {
    const proto::Workload& workload = scenario_.workload();
    if (workload.find_primary() != proto::FIND_UNSPECIFIED &&
        workload.find_primary() != proto::TOLD) {
      Add("workload.find_primary", "tells its clients who leads; expected find_primary: told");
    }
    const bool in_flight = workload.style() == proto::FUTURE;
    const uint64_t connections =
        uint64_t{workload.clients()} * (in_flight ? std::max<uint32_t>(workload.depth(), 1) : 1);
    if (connections > kConnectionsMax) {
      Add("workload.clients",
          absl::StrCat("opens a connection for each request in flight, which is ", connections,
                       " here; expected at most ", kConnectionsMax));
    }
  }

  const std::string& name_;
  const proto::Scenario& scenario_;
  std::vector<SystemRefusal>* const refusals_;
};

}  // namespace

const std::vector<SystemKind>& SystemKinds() {
  static const auto& kinds = *new std::vector<SystemKind>{
      {proto::POSTGRES, {"postgres", kRealServer}, "postgresql", RefuseForPostgres},
      {proto::REDIS, {"redis", kRealServer}, "redis-server", RefuseForRedis},
  };
  return kinds;
}

const SystemKind* FindSystem(proto::System system) {
  for (const SystemKind& kind : SystemKinds()) {
    if (kind.system == system) return &kind;
  }
  return nullptr;
}

std::vector<SystemRefusal> RefusalsOf(const SystemKind& kind, const proto::Scenario& scenario) {
  std::vector<SystemRefusal> refusals;
  Common(kind.cluster.name, scenario, &refusals).Check();
  kind.refuse(scenario, &refusals);
  return refusals;
}

void RefuseOwnedSettings(const proto::Scenario& scenario,
                         const std::vector<absl::string_view>& owned,
                         std::vector<SystemRefusal>* refusals) {
  const auto is_plain = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
  };
  for (const proto::Setting& setting : scenario.cluster().settings()) {
    const std::string path = "cluster.settings." + setting.name();
    if (setting.name().empty() ||
        !std::all_of(setting.name().begin(), setting.name().end(), is_plain)) {
      refusals->push_back({path, absl::StrCat("\"", absl::CEscape(setting.name()),
                                              "\" is not the name of a setting")});
    } else if (std::any_of(setting.value().begin(), setting.value().end(),
                           [](unsigned char c) { return absl::ascii_iscntrl(c); })) {
      refusals->push_back({path, "a value has no control characters"});
    } else if (std::find(owned.begin(), owned.end(), setting.name()) != owned.end()) {
      refusals->push_back({path, absl::StrCat(setting.name(),
                                              " follows from the knobs of the scenario or from the "
                                              "run; expected another setting")});
    }
  }
}

}  // namespace replsim
