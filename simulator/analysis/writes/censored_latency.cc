#include "simulator/analysis/writes/censored_latency.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "protos/types.pb.h"
#include "simulator/analysis/evidence/distribution.h"

namespace replsim {
namespace {

int64_t WaitedFor(const Operation& unknown, const WorkloadFacts& facts) {
  int64_t until = unknown.completed_ns;
  if (facts.deadline_ns) until = std::max(until, unknown.invoked_ns + *facts.deadline_ns);
  return std::max<int64_t>(until - unknown.intended_ns, 0);
}

bool IsUnknown(const Operation& write) {
  return write.outcome != proto::COMMITTED && write.outcome != proto::REJECTED &&
         write.outcome != proto::LOST;
}

struct Bound {
  int64_t us = 0;
  bool at_least = false;
};

// Both vectors are sorted; `all` contains every value of `committed`.
Bound QuantileOf(const std::vector<int64_t>& committed, const std::vector<int64_t>& all,
                 double share) {
  const auto rank = static_cast<size_t>(std::ceil(share * static_cast<double>(all.size())));
  const int64_t value = all[std::max<size_t>(rank, 1) - 1];
  const auto up_to = static_cast<size_t>(
      std::upper_bound(committed.begin(), committed.end(), value) - committed.begin());
  return {(value + kNanosPerMicro / 2) / kNanosPerMicro, up_to < std::max<size_t>(rank, 1)};
}

}  // namespace

proto::RunReport::CensoredLatency MeasureWithUnknown(const Recording& recording,
                                                     const WorkloadFacts& facts) {
  std::vector<int64_t> committed;
  std::vector<int64_t> all;
  for (const Operation& write : recording.operations) {
    if (!write.is_write) continue;
    if (write.outcome == proto::COMMITTED) {
      committed.push_back(std::max<int64_t>(write.completed_ns - write.intended_ns, 0));
    } else if (IsUnknown(write)) {
      all.push_back(WaitedFor(write, facts));
    }
  }
  proto::RunReport::CensoredLatency out;
  out.set_unknown(all.size());
  all.insert(all.end(), committed.begin(), committed.end());
  out.set_count(all.size());
  if (all.empty()) return out;
  std::sort(committed.begin(), committed.end());
  std::sort(all.begin(), all.end());
  const Bound p50 = QuantileOf(committed, all, 0.5);
  const Bound p90 = QuantileOf(committed, all, 0.9);
  const Bound p99 = QuantileOf(committed, all, 0.99);
  const Bound p999 = QuantileOf(committed, all, 0.999);
  out.set_p50(p50.us);
  out.set_p90(p90.us);
  out.set_p99(p99.us);
  out.set_p999(p999.us);
  out.set_p50_at_least(p50.at_least);
  out.set_p90_at_least(p90.at_least);
  out.set_p99_at_least(p99.at_least);
  out.set_p999_at_least(p999.at_least);
  return out;
}

}  // namespace replsim
