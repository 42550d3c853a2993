// When operations start, and for which client. One of two processes, never mixed:
//   closed loop  every client keeps `depth` operations in flight (1 in blocking style) and thinks
//                between the end of one and the start of the next. A slow cluster is asked less.
//   open loop    one Poisson process over all clients, handed out in turn. A slow cluster is asked
//                as often as a fast one, and latency counts from the intended start.
#pragma once

#include <cstdint>
#include <memory>

#include "common/base/rng.h"
#include "protos/scenario.pb.h"
#include "protos/types.pb.h"
#include "simulator/cluster/seam/scheduler.h"
#include "simulator/workload/operation_issuer.h"

namespace replsim {

// Shared so that a timer still waiting in the scheduler when the load is gone finds nothing to do.
class Arrivals : public std::enable_shared_from_this<Arrivals> {
 public:
  virtual ~Arrivals() = default;
  virtual void Begin() = 0;
  // No arrival after this instant. Those before it that wait behind their client's operation in
  // flight are still served: dropping them would hide how slow the cluster was.
  virtual void Stop() = 0;
  // An operation issued here has ended.
  virtual void OnEnded(uint32_t client, uint32_t tag, proto::Outcome outcome) = 0;
  // Arrived, not yet sent.
  virtual uint64_t waiting() const = 0;
};

// After a rejection a closed-loop client waits 10 ms, doubling to 100 ms while rejections go on, or
// its think time where that is longer; else a cluster that refuses would be asked without pause.
inline constexpr Nanos kFirstBackOff = Millis(10);
inline constexpr Nanos kLongestBackOff = Millis(100);

// Open loop: operations sent and waiting together. Past it arrivals are REJECTED/OVERLOADED unsent.
inline constexpr uint64_t kMaxPending = 100'000;

std::shared_ptr<Arrivals> MakeClosedLoop(const proto::Workload& workload, Scheduler* scheduler,
                                         OperationIssuer* issuer);
std::shared_ptr<Arrivals> MakeOpenLoop(const proto::Workload& workload, Scheduler* scheduler,
                                       OperationIssuer* issuer, Rng rng);

}  // namespace replsim
