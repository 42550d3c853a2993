#include "simulator/analysis/timeline/rates.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "google/protobuf/repeated_field.h"
#include "protos/types.pb.h"

namespace replsim {
namespace {

using Column = google::protobuf::RepeatedField<double>;

// The quantile in µs, by nearest rank; NaN if `values` is empty. Sorts `values`.
double Rank(std::vector<int64_t>& values, double share) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  const double rank = std::ceil(share * static_cast<double>(values.size()));
  return std::round(static_cast<double>(values[static_cast<size_t>(std::max(rank, 1.0)) - 1]) /
                    1e3);
}

// Latencies in ns of one kind of operation, by bin.
using Spread = std::vector<std::vector<int64_t>>;

void AddRank(Spread& latencies, double share, Column* column) {
  for (std::vector<int64_t>& bin : latencies) column->Add(Rank(bin, share));
}

}  // namespace

proto::Timeline::Rates RatesOf(const Recording& recording, const TimeBins& bins,
                               const std::vector<int64_t>& stale_ns) {
  const double seconds = static_cast<double>(bins.bin_ns) / 1e9;
  Spread writes(bins.count);
  Spread reads(bins.count);
  using Counts = std::vector<uint64_t>;
  Counts unknown(bins.count), rejected(bins.count), told_lost(bins.count);
  Counts failed_reads(bins.count), stale(bins.count);
  for (const Operation& operation : recording.operations) {
    if (!bins.Contain(operation.completed_ns)) continue;
    const size_t bin = bins.Of(operation.completed_ns);
    if (operation.outcome == proto::COMMITTED) {
      (operation.is_write ? writes : reads)[bin].push_back(operation.completed_ns -
                                                           operation.intended_ns);
    } else if (!operation.is_write) {
      ++failed_reads[bin];
    } else if (operation.outcome == proto::LOST) {
      ++told_lost[bin];
    } else {
      ++(operation.outcome == proto::REJECTED ? rejected : unknown)[bin];
    }
  }
  for (const int64_t time : stale_ns) {
    if (bins.Contain(time)) ++stale[bins.Of(time)];
  }
  proto::Timeline::Rates rates;
  for (size_t i = 0; i < bins.count; ++i) {
    rates.add_writes_per_s(static_cast<double>(writes[i].size()) / seconds);
    rates.add_reads_per_s(static_cast<double>(reads[i].size()) / seconds);
    rates.add_unknown_per_s(static_cast<double>(unknown[i]) / seconds);
    rates.add_rejected_per_s(static_cast<double>(rejected[i]) / seconds);
    rates.add_told_lost_per_s(static_cast<double>(told_lost[i]) / seconds);
    rates.add_failed_reads_per_s(static_cast<double>(failed_reads[i]) / seconds);
    rates.add_stale_reads_per_s(static_cast<double>(stale[i]) / seconds);
  }
  AddRank(writes, 0.5, rates.mutable_write_p50_us());
  AddRank(writes, 0.99, rates.mutable_write_p99_us());
  AddRank(writes, 1, rates.mutable_write_max_us());
  AddRank(reads, 0.5, rates.mutable_read_p50_us());
  AddRank(reads, 0.99, rates.mutable_read_p99_us());
  return rates;
}

}  // namespace replsim
