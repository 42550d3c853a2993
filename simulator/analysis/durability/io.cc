#include "simulator/analysis/durability/io.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "common/base/time.h"
#include "common/stats/samples.h"
#include "common/storage/log/log.h"
#include "simulator/analysis/durability/exposure.h"
#include "simulator/analysis/evidence/distribution.h"

namespace replsim {
namespace {

uint64_t WorstOf(const TraceRecord& stall) {
  return stall.epoch == std::numeric_limits<uint32_t>::max() ? stall.bytes : stall.epoch;
}

// Sums the I/O records of one node's trace.
class NodeIo {
 public:
  explicit NodeIo(const proto::Manifest& manifest)
      : begin_ns_(manifest.load_begin_ns()), load_end_ns_(manifest.load_end_ns()) {}

  void Take(const TraceRecord& record) {
    const bool counts = record.time_ns >= begin_ns_;
    switch (static_cast<TraceKind>(record.kind)) {
      case TraceKind::kStarted:
      case TraceKind::kTruncated:
        written_ = {record.lsn, record.bytes};
        break;
      case TraceKind::kWrite:
        if (counts && record.lsn > written_.lsn) {
          writes_ += record.lsn - written_.lsn;
          log_bytes_ += record.bytes - written_.bytes;
        }
        written_ = {record.lsn, record.bytes};
        break;
      case TraceKind::kFlushEnd:
        if (!counts) break;
        flush_ns_.Add(static_cast<int64_t>(record.bytes));
        flushing_ns_ += static_cast<int64_t>(record.bytes);
        device_bytes_ += record.epoch * kDeviceBlockBytes;
        break;
      case TraceKind::kLoopStall:
        if (!counts || record.time_ns >= load_end_ns_) break;
        stalled_ns_ += record.bytes;
        worst_stall_ns_ = std::max(worst_stall_ns_, WorstOf(record));
        break;
      default:
        break;
    }
  }

  void Report(proto::RunReport::NodeIo& io) {
    const uint64_t flushes = flush_ns_.count();
    io.set_writes(writes_);
    io.set_flushes(flushes);
    if (flushes > 0) {
      io.set_writes_per_flush(static_cast<double>(writes_) / static_cast<double>(flushes));
    }
    if (writes_ > 0) {
      io.set_flushes_per_write(static_cast<double>(flushes) / static_cast<double>(writes_));
    }
    *io.mutable_flush_us() = ToDistribution(flush_ns_, kNanosPerMicro);
    io.set_flushing_ms(MillisFrom(flushing_ns_));
    io.set_stalled_ms(MillisFrom(stalled_ns_));
    io.set_stall_max_ms(MillisFrom(worst_stall_ns_));
    io.set_log_bytes(log_bytes_);
    io.set_device_bytes(device_bytes_);
  }

 private:
  struct Written {
    uint64_t lsn = 0;
    uint64_t bytes = 0;
  };
  const int64_t begin_ns_;
  const int64_t load_end_ns_;
  Written written_;
  uint64_t writes_ = 0;
  uint64_t log_bytes_ = 0;
  uint64_t device_bytes_ = 0;
  Samples flush_ns_;
  int64_t flushing_ns_ = 0;
  uint64_t stalled_ns_ = 0;
  uint64_t worst_stall_ns_ = 0;
};

void ReportExposure(const ExposureSummary& exposure, proto::RunReport::Io& io) {
  if (exposure.entries.empty()) return;
  *io.mutable_exposed_entries() = ToDistribution(exposure.entries, 1, false);
  *io.mutable_exposed_us() = ToDistribution(exposure.time_ns, kNanosPerMicro, false);
  if (exposure.unreplicated.empty()) return;
  *io.mutable_unreplicated_entries() = ToDistribution(exposure.unreplicated, 1, false);
}

}  // namespace

proto::RunReport::Io MeasureIo(const Recording& recording, const FinalLog& final_log,
                               const ExposureSummary& exposure) {
  proto::RunReport::Io io;
  io.set_primary(recording.manifest.final_primary());
  if (final_log.known()) {
    uint64_t user = 0;
    uint64_t log = 0;
    for (const LogEntry& entry : final_log.entries()) {
      user += entry.user_bytes;
      log += entry.log_bytes;
    }
    io.set_user_bytes(user);
    io.set_log_bytes(log);
  }
  for (const NodeRecording& node : recording.nodes) {
    if (!node.trace || node.trace->empty()) continue;
    NodeIo sums(recording.manifest);
    for (const TraceRecord& record : *node.trace) sums.Take(record);
    proto::RunReport::NodeIo& reported = *io.add_nodes();
    reported.set_node(node.id);
    sums.Report(reported);
    if (node.id != io.primary()) continue;
    io.set_device_bytes(reported.device_bytes());
    if (io.user_bytes() == 0 || reported.flushes() == 0) continue;
    io.set_write_amplification(static_cast<double>(io.device_bytes()) /
                               static_cast<double>(io.user_bytes()));
  }
  ReportExposure(exposure, io);
  return io;
}

}  // namespace replsim
