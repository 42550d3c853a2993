#include "simulator/metrics/io_metrics.h"

#include "absl/strings/str_cat.h"
#include "simulator/metrics/metric_of_run.h"

namespace replsim {
namespace {

using Run = proto::RunReport;

const Run::NodeIo* FindNode(const Run& run, const std::string& node) {
  for (const Run::NodeIo& io : run.io().nodes()) {
    if (io.node() == node) return &io;
  }
  return nullptr;
}

struct OfNode {
  const char* name;
  const char* label;
  MetricUnit unit;
  const char* meaning;
  MetricValue (*get)(const Run::NodeIo&);
};

#define REPL_OF_NODE(name, label, unit, field, meaning)             \
  {                                                                 \
    name, label, MetricUnit::unit, meaning,                         \
        [](const Run::NodeIo& io) { return REPL_FIELD(io, field); } \
  }
// A metric of a distribution in microseconds.
#define REPL_TIME_OF_NODE(name, label, distribution, field, meaning)                               \
  {                                                                                                \
    name, label, MetricUnit::kMillis, meaning,                                                     \
        [](const Run::NodeIo& io) { return MicrosToMillis(REPL_FIELD(io.distribution(), field)); } \
  }

const OfNode kOfNode[] = {
    REPL_OF_NODE("flushes", "flushes", kCount, flushes,
                 "log flushes of the node since the load began"),
    REPL_OF_NODE("writes_per_flush", "writes per flush", kRatio, writes_per_flush,
                 "mean number of log records per flush"),
    REPL_OF_NODE("flushes_per_write", "flushes per write", kRatio, flushes_per_write,
                 "mean number of flushes per log record; 0 if nothing was flushed"),
    REPL_TIME_OF_NODE(
        "flush_p50_ms", "flush latency p50", flush_us, p50,
        "duration of a flush, from its start until the log device sees its completion"),
    REPL_TIME_OF_NODE("flush_p99_ms", "flush latency p99", flush_us, p99, ""),
    REPL_TIME_OF_NODE("flush_max_ms", "flush latency max", flush_us, max, ""),
    REPL_OF_NODE("flushing_ms", "time spent flushing", kMillis, flushing_ms,
                 "sum of all flush durations"),
    REPL_OF_NODE(
        "loop_stalled_ms", "event loop blocked by disk I/O, total", kMillis, stalled_ms,
        "total time in the load for which the node's event loop was blocked by its own disk I/O"),
    REPL_OF_NODE("loop_stall_max_ms", "event loop blocked by disk I/O, longest", kMillis,
                 stall_max_ms, "longest time for which the event loop was blocked at once"),
    REPL_OF_NODE("written_bytes", "bytes written to the log", kBytes, log_bytes,
                 "size of the encoded log records"),
    REPL_OF_NODE("flushed_bytes", "bytes written by flushes", kBytes, device_bytes,
                 "4 KiB blocks touched by the node's flushes"),
};

Metric Make(const OfNode& of, bool of_replica) {
  return {.name = absl::StrCat(of_replica ? "node_" : "", of.name),
          .label = of.label,
          .unit = of.unit,
          .meaning = of.meaning,
          .of_replica = of_replica,
          .read =
              [&of, of_replica](const Run& run, const std::string& node) {
                const Run::NodeIo* io = FindNode(run, of_replica ? node : run.io().primary());
                return io == nullptr ? MetricValue() : of.get(*io);
              },
          .replica = ""};
}

}  // namespace

std::vector<Metric> IoMetrics() {
  std::vector<Metric> metrics;
  for (const OfNode& of : kOfNode) metrics.push_back(Make(of, false));
  for (Metric& metric : std::vector<Metric>{
           REPL_OF_RUN("write_amplification", "device bytes per user byte", kRatio, io(),
                       write_amplification,
                       "bytes written by flushes per byte of keys and values in the log"),
           REPL_OF_RUN("exposed_entries_p50", "writes at risk from a power loss, p50", kCount,
                       io().exposed_entries(), p50,
                       "acknowledged writes that the primary had not yet flushed, over the load"),
           REPL_OF_RUN("exposed_entries_mean", "writes at risk from a power loss, mean", kRatio,
                       io().exposed_entries(), mean, ""),
           REPL_OF_RUN("exposed_entries_max", "writes at risk from a power loss, max", kCount,
                       io().exposed_entries(), max, ""),
           REPL_TIME_OF_RUN(
               "exposed_p50_ms", "oldest write at risk from a power loss, p50", io().exposed_us(),
               p50, "time since the oldest of these writes was acknowledged, over the load"),
           REPL_TIME_OF_RUN("exposed_max_ms", "oldest write at risk from a power loss, max",
                            io().exposed_us(), max, ""),
           REPL_OF_RUN("unreplicated_entries_p50", "acknowledged, on no replica, p50", kCount,
                       io().unreplicated_entries(), p50,
                       "acknowledged writes that no replica had yet received, over the load"),
           REPL_OF_RUN("unreplicated_entries_mean", "acknowledged, on no replica, mean", kRatio,
                       io().unreplicated_entries(), mean, ""),
           REPL_OF_RUN("unreplicated_entries_max", "acknowledged, on no replica, max", kCount,
                       io().unreplicated_entries(), max, "")}) {
    metrics.push_back(std::move(metric));
  }
  return metrics;
}

std::vector<Metric> NodeIoMetrics() {
  std::vector<Metric> metrics;
  for (const OfNode& of : kOfNode) metrics.push_back(Make(of, true));
  return metrics;
}

}  // namespace replsim
