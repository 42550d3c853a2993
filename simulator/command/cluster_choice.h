// Constructs the cluster of real processes that a scenario names: our own nodes, or the servers of
// another system.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "asio/io_context.hpp"
#include "common/base/rng.h"
#include "protos/scenario.pb.h"
#include "simulator/cluster/foreign/system.h"
#include "simulator/cluster/live/child_process.h"
#include "simulator/cluster/live/live_scheduler.h"
#include "simulator/cluster/seam/run_cluster.h"

namespace replsim {

struct ChosenCluster {
  std::unique_ptr<RunCluster> cluster;
  // Ends every process. Call on the io thread after Disconnect.
  std::function<void()> kill_all;
  // Completes the recording, when the rest of it is complete.
  std::function<absl::Status()> complete;
};

// `scenario` is resolved. All pointers outlive the cluster.
ChosenCluster ChooseCluster(const proto::Scenario& scenario, const std::string& folder,
                            const std::string& program_dir, asio::io_context* io,
                            ProcessGroup* processes, LiveScheduler* scheduler, const Rng& rng);

// The servers of `system`; null for REPLSIM, and for a system that this build does not have.
std::unique_ptr<ForeignSystem> NewForeignSystem(proto::System system,
                                                const proto::Scenario& scenario);

}  // namespace replsim
