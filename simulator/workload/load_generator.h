// The load of a scenario: `clients` clients that write and read on any Cluster. Values are
// c<client>-<sequence>, padded with dots to value_bytes, so every write has a distinct value.
// Appends add ;c<client>-<sequence>. Clients count from 1, as does each client's sequence, over
// reads and writes.
//
// Single-threaded under the Scheduler. Destroy it only when Stop's callback has run or the cluster
// can no longer call back.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "common/base/rng.h"
#include "protos/scenario.pb.h"
#include "simulator/cluster/seam/cluster.h"
#include "simulator/cluster/seam/scheduler.h"
#include "simulator/workload/arrivals.h"
#include "simulator/workload/operation_issuer.h"

namespace replsim {

class LoadGenerator {
 public:
  // `workload` is resolved: every default is filled in. `sink` receives every operation once, when
  // it ends.
  LoadGenerator(const proto::Workload& workload, Cluster* cluster, Scheduler* scheduler,
                const Rng& rng, OperationIssuer::Sink sink);

  // Called at every committed write with their number so far; fault triggers depend on it.
  void OnCommitted(OperationIssuer::Committed committed);

  void OnList(OperationIssuer::ListSink sink) { issuer_.OnList(std::move(sink)); }

  void Begin();
  // Starts no new operations and no retries. Calls `done` when the last pending operation has
  // ended, at the latest at its deadline; never inside this call.
  void Stop(Scheduler::Callback done);

  uint64_t committed_writes() const { return issuer_.committed_writes(); }
  // The number of operations in flight, or waiting for their client.
  uint64_t pending() const { return issuer_.in_flight() + arrivals_->waiting(); }

 private:
  void OnEnded(uint32_t client, uint32_t tag, proto::Outcome outcome);
  void FinishIfIdle();

  Scheduler* scheduler_;
  OperationIssuer issuer_;
  std::shared_ptr<Arrivals> arrivals_;
  Scheduler::Callback stopped_;
};

}  // namespace replsim
