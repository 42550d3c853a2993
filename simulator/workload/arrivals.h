// Decides when operations start, and for which client. There are two processes, which are never
// mixed:
//   closed loop  every client keeps `depth` operations in flight (1 in blocking style) and thinks
//                between the end of one and the start of the next. A slow cluster receives less
//                load.
//   open loop    one Poisson process over all clients, assigned in turn. A slow cluster receives
//                the same load, and latency counts from the intended start.
#pragma once

#include <cstdint>
#include <memory>

#include "common/base/rng.h"
#include "protos/scenario.pb.h"
#include "protos/types.pb.h"
#include "simulator/cluster/seam/scheduler.h"
#include "simulator/workload/operation_issuer.h"

namespace replsim {

// Shared ownership, so that a timer that outlives the load finds an expired pointer.
class Arrivals : public std::enable_shared_from_this<Arrivals> {
 public:
  virtual ~Arrivals() = default;
  virtual void Begin() = 0;
  // Ends arrivals. Operations that arrived earlier and wait behind their client's operation in
  // flight are still served: dropping them would hide how slow the cluster was.
  virtual void Stop() = 0;
  // An operation issued here has ended.
  virtual void OnEnded(uint32_t client, uint32_t tag, proto::Outcome outcome) = 0;
  // Operations that have arrived but are not sent.
  virtual uint64_t waiting() const = 0;
};

// Delay of a closed-loop client after a rejection: 10 ms, doubling to 100 ms while rejections
// continue, or its think time if that is longer. Without it a cluster that rejects would be asked
// continuously.
inline constexpr Nanos kFirstBackOff = Millis(10);
inline constexpr Nanos kLongestBackOff = Millis(100);

// Open loop: limit of operations sent and waiting together. Arrivals above it are
// REJECTED/OVERLOADED and never sent.
inline constexpr uint64_t kMaxPending = 100'000;

std::shared_ptr<Arrivals> MakeClosedLoop(const proto::Workload& workload, Scheduler* scheduler,
                                         OperationIssuer* issuer);
std::shared_ptr<Arrivals> MakeOpenLoop(const proto::Workload& workload, Scheduler* scheduler,
                                       OperationIssuer* issuer, Rng rng);

}  // namespace replsim
