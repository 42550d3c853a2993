#include "simulator/command/cluster_choice.h"

#include <utility>

#include "simulator/cluster/foreign/foreign_cluster.h"
#include "simulator/cluster/live/live_cluster.h"
#include "simulator/cluster/postgres/postgres_system.h"
#include "simulator/cluster/redis/redis_system.h"
#include "simulator/cluster/systems/system_kinds.h"

namespace replsim {

std::unique_ptr<ForeignSystem> NewForeignSystem(proto::System system,
                                                const proto::Scenario& scenario) {
  switch (system) {
    case proto::POSTGRES:
      return NewPostgresSystem(scenario);
    case proto::REDIS:
      return NewRedisSystem(scenario);
    default:
      return nullptr;
  }
}

ChosenCluster ChooseCluster(const proto::Scenario& scenario, const std::string& folder,
                            const std::string& program_dir, asio::io_context* io,
                            ProcessGroup* processes, LiveScheduler* scheduler, const Rng& rng) {
  const SystemKind* const kind = FindSystem(scenario.cluster().system());
  if (kind == nullptr) {
    auto live = std::make_unique<LiveCluster>(LiveCluster::Options{scenario, folder, program_dir},
                                              io, processes, scheduler, rng);
    LiveCluster* const cluster = live.get();
    return {std::move(live), [cluster] { cluster->KillAll(); }, [] { return absl::OkStatus(); }};
  }
  auto servers = std::make_unique<ForeignCluster>(
      ForeignCluster::Options{scenario, folder, kind->cluster.capabilities},
      NewForeignSystem(kind->system, scenario), io, processes, scheduler, rng);
  ForeignCluster* const cluster = servers.get();
  return {std::move(servers), [cluster] { cluster->KillAll(); },
          [cluster] { return cluster->SaveNative(); }};
}

}  // namespace replsim
