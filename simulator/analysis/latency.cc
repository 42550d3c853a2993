#include "simulator/analysis/latency.h"

#include "protos/types.pb.h"
#include "simulator/analysis/distribution.h"

namespace replsim {

proto::RunReport::Latencies MeasureLatency(const Recording& recording) {
  Histogram writes;
  Histogram reads;
  for (const Operation& operation : recording.operations) {
    if (operation.outcome != proto::COMMITTED) continue;
    (operation.is_write ? writes : reads).Add(operation.completed_ns - operation.intended_ns);
  }
  proto::RunReport::Latencies latencies;
  *latencies.mutable_write() = ToDistribution(writes, kNanosPerMicro, true);
  *latencies.mutable_read() = ToDistribution(reads, kNanosPerMicro, true);
  return latencies;
}

}  // namespace replsim
