#include "simulator/analysis/metrics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "simulator/analysis/format.h"
#include "simulator/analysis/stages.h"

namespace replsim {
namespace {

using Value = std::optional<double>;
using Run = proto::RunReport;
using Distribution = proto::RunReport::Distribution;

constexpr double kNever = std::numeric_limits<double>::infinity();

// The optional field `name` of `message` as a number.
#define REPL_FIELD(message, name) \
  ((message).has_##name() ? Value(static_cast<double>((message).name())) : Value())

struct Named {
  const char* name;
  const char* label;
  MetricUnit unit;
  Value (*get)(const Run&);
};

#define REPL_METRIC(name, label, unit, message, field)                                           \
  Named {                                                                                        \
    name, label, MetricUnit::unit, [](const Run& run) { return REPL_FIELD(run.message, field); } \
  }

Value Micros(Value us) { return us ? Value(*us / 1000) : us; }
#define REPL_LATENCY(name, label, message, field)                             \
  Named {                                                                     \
    name, label, MetricUnit::kMillis,                                         \
        [](const Run& run) { return Micros(REPL_FIELD(run.message, field)); } \
  }

const std::vector<Named>& RunMetrics() {
  static const std::vector<Named> kMetrics = {
      REPL_METRIC("attempted", "writes attempted", kCount, writes(), attempted),
      REPL_METRIC("committed", "writes committed", kCount, writes(), committed),
      REPL_METRIC("rejected", "writes rejected", kCount, writes(), rejected),
      REPL_METRIC("unknown", "unknown to the client", kCount, writes(), unknown),
      REPL_METRIC("acked_survived", "acknowledged and survived", kCount, writes(), acked_survived),
      REPL_METRIC("acked_lost", "acknowledged, then lost", kCount, writes(), acked_lost),
      REPL_METRIC("protected_lost", "protected, then lost", kCount, writes(), protected_lost),
      REPL_METRIC("unacked_survived", "never answered, survived", kCount, writes(),
                  unacked_survived),
      REPL_METRIC("unacked_gone", "rejected and gone", kCount, writes(), unacked_gone),
      REPL_METRIC("rejected_survived", "rejected, yet survived", kCount, writes(),
                  rejected_survived),
      REPL_METRIC("unknown_survived", "unknown, survived", kCount, writes(), unknown_survived),
      REPL_METRIC("unknown_gone", "unknown, gone", kCount, writes(), unknown_gone),
      REPL_METRIC("holes", "lost below a survivor", kCount, writes(), holes),
      REPL_METRIC("unprotected_acks", "unprotected answers", kCount, writes(), unprotected_acks),
      REPL_METRIC("protected_acks", "protected answers", kCount, writes(), protected_acks),
      REPL_METRIC("per_second", "committed per second", kPerSecond, writes(), per_second),
      REPL_LATENCY("write_p50_ms", "write latency p50", latency_us().write(), p50),
      REPL_LATENCY("write_p90_ms", "write latency p90", latency_us().write(), p90),
      REPL_LATENCY("write_p99_ms", "write latency p99", latency_us().write(), p99),
      REPL_LATENCY("write_p999_ms", "write latency p99.9", latency_us().write(), p999),
      REPL_LATENCY("write_max_ms", "write latency max", latency_us().write(), max),
      REPL_LATENCY("read_p50_ms", "read latency p50", latency_us().read(), p50),
      REPL_LATENCY("read_p90_ms", "read latency p90", latency_us().read(), p90),
      REPL_LATENCY("read_p99_ms", "read latency p99", latency_us().read(), p99),
      REPL_LATENCY("read_p999_ms", "read latency p99.9", latency_us().read(), p999),
      REPL_LATENCY("read_max_ms", "read latency max", latency_us().read(), max),
      REPL_METRIC("reads", "reads answered", kCount, consistency(), reads),
      REPL_METRIC("replica_reads", "replica reads", kCount, consistency(), replica_reads),
      REPL_METRIC("stale_reads", "stale reads", kCount, consistency().stale_reads(), count),
      REPL_METRIC("stale_read_rate", "stale reads", kPercent, consistency().stale_reads(), rate),
      REPL_METRIC("stale_replica_reads", "stale replica reads", kCount,
                  consistency().stale_replica_reads(), count),
      REPL_METRIC("stale_replica_read_rate", "stale replica reads", kPercent,
                  consistency().stale_replica_reads(), rate),
      REPL_LATENCY("staleness_p50_ms", "staleness p50", consistency().staleness_us(), p50),
      REPL_LATENCY("staleness_p99_ms", "staleness p99", consistency().staleness_us(), p99),
      REPL_LATENCY("staleness_max_ms", "staleness max", consistency().staleness_us(), max),
      REPL_METRIC("stale_versions_max", "versions behind, max", kCount,
                  consistency().stale_versions(), max),
      REPL_METRIC("phantom_reads", "phantom reads", kCount, consistency().phantom_reads(), count),
      REPL_METRIC("read_your_writes", "own writes not seen", kCount,
                  consistency().read_your_writes(), count),
      REPL_METRIC("monotonic_reads", "reads that went back", kCount,
                  consistency().monotonic_reads(), count),
      REPL_METRIC("converged", "converged", kYesNo, divergence(), converged),
      REPL_METRIC("digests_equal", "digests equal", kYesNo, divergence(), digests_equal),
      REPL_METRIC("final_states_equal", "final reads equal", kYesNo, divergence(),
                  final_states_equal),
      REPL_METRIC("truncated_entries", "truncated entries", kCount, divergence(),
                  truncated_entries),
      REPL_METRIC("failovers", "failovers", kCount, availability(), failovers),
      REPL_METRIC("rto_ms", "writes stopped (RTO)", kMillis, availability(), rto_ms),
      REPL_METRIC("detect_ms", "detect", kMillis, availability(), detect_ms),
      REPL_METRIC("promote_ms", "promote", kMillis, availability(), promote_ms),
      REPL_METRIC("first_write_ms", "first write", kMillis, availability(), first_write_ms),
      REPL_METRIC("unavailable_ms", "longest time without a write", kMillis, availability(),
                  unavailable_ms),
      REPL_METRIC("rpo_writes", "RPO", kCount, availability(), rpo_writes),
      REPL_METRIC("rpo_ms", "RPO", kMillis, availability(), rpo_ms),
      REPL_METRIC("user_bytes", "user bytes", kBytes, io(), user_bytes),
      REPL_METRIC("log_bytes", "log bytes", kBytes, io(), log_bytes),
      Named{"breaches", "breaches", MetricUnit::kCount,
            [](const Run& run) { return Value(static_cast<double>(run.breaches_size())); }},
  };
  return kMetrics;
}

const proto::RunReport::Lag* FindLag(const Run& run, const std::string& replica,
                                     const std::string& stage) {
  for (const proto::RunReport::Lag& lag : run.lag()) {
    if (lag.replica() == replica && lag.stage() == stage) return &lag;
  }
  return nullptr;
}

Value StatOf(const Distribution& distribution, absl::string_view stat) {
  if (stat == "p50") return REPL_FIELD(distribution, p50);
  if (stat == "p90") return REPL_FIELD(distribution, p90);
  if (stat == "p99") return REPL_FIELD(distribution, p99);
  if (stat == "max") return REPL_FIELD(distribution, max);
  return REPL_FIELD(distribution, last);
}

using OfReplica = std::function<Value(const Run&, const std::string& replica)>;
struct ReplicaMetric {
  ReportMetric metric;  // without replica and get
  OfReplica get;
};

ReplicaMetric MakeLag(const std::string& stage, const std::string& stat, const std::string& unit) {
  ReplicaMetric lag;
  lag.metric.name = absl::StrCat(stage, "_lag_", stat, "_", unit);
  lag.metric.label = absl::StrCat(stage, " lag ", stat, unit == "ms" ? "" : " in " + unit);
  lag.metric.unit = unit == "ms"      ? MetricUnit::kMillis
                    : unit == "bytes" ? MetricUnit::kBytes
                                      : MetricUnit::kCount;
  lag.get = [=](const Run& run, const std::string& replica) -> Value {
    const proto::RunReport::Lag* found = FindLag(run, replica, stage);
    if (found == nullptr) return std::nullopt;
    if (unit == "ms") return Micros(StatOf(found->time_us(), stat));
    return StatOf(unit == "bytes" ? found->bytes() : found->entries(), stat);
  };
  return lag;
}

std::vector<ReplicaMetric> MakeReplicaMetrics() {
  std::vector<ReplicaMetric> metrics;
  for (const std::string stage : kNodeStageNames) {
    for (const std::string stat : {"p50", "p90", "p99", "max", "last"}) {
      for (const std::string unit : {"ms", "entries", "bytes"})
        metrics.push_back(MakeLag(stage, stat, unit));
      if (stat == "last") continue;
      ReplicaMetric delay;
      delay.metric.name = absl::StrCat(stage, "_ack_delay_", stat, "_ms");
      delay.metric.label = absl::StrCat(stage, " ack delay ", stat);
      delay.metric.unit = MetricUnit::kMillis;
      delay.get = [=](const Run& run, const std::string& replica) -> Value {
        const proto::RunReport::Lag* lag = FindLag(run, replica, stage);
        return lag == nullptr ? Value() : Micros(StatOf(lag->ack_delay_us(), stat));
      };
      metrics.push_back(delay);
    }
  }
  metrics.push_back({{"catch_up_ms", "caught up after", MetricUnit::kMillis, "", nullptr},
                     [](const Run& run, const std::string& replica) -> Value {
                       const auto* lag = FindLag(run, replica, "apply");
                       if (lag == nullptr) return std::nullopt;
                       if (lag->never_caught_up() > 0) return kNever;
                       return REPL_FIELD(*lag, catch_up_ms);
                     }});
  metrics.push_back({{"stalled_ms", "stalled", MetricUnit::kMillis, "", nullptr},
                     [](const Run& run, const std::string& replica) -> Value {
                       const auto* lag = FindLag(run, replica, "apply");
                       return lag == nullptr ? Value() : REPL_FIELD(*lag, stalled_ms);
                     }});
  return metrics;
}

const std::vector<ReplicaMetric>& ReplicaMetrics() {
  static const std::vector<ReplicaMetric> kMetrics = MakeReplicaMetrics();
  return kMetrics;
}

size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

std::string Nearest(absl::string_view name) {
  std::string nearest;
  size_t best = std::numeric_limits<size_t>::max();
  for (const std::string& known : MetricNames()) {
    const size_t distance = EditDistance(name, absl::string_view(known).substr(0, known.find('.')));
    if (distance >= best) continue;
    best = distance;
    nearest = known;
  }
  return nearest;
}

}  // namespace

absl::StatusOr<ReportMetric> FindMetric(absl::string_view name) {
  for (const Named& named : RunMetrics()) {
    if (name == named.name) return ReportMetric{named.name, named.label, named.unit, "", named.get};
  }
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(name, absl::MaxSplits('.', 1));
  for (const ReplicaMetric& of_replica : ReplicaMetrics()) {
    if (parts.first != of_replica.metric.name) continue;
    if (parts.second.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "metric ", name, " is of one replica: say which, as in ", parts.first, ".r1"));
    }
    ReportMetric metric = of_replica.metric;
    metric.name = std::string(name);
    metric.replica = std::string(parts.second);
    metric.get = [get = of_replica.get, replica = metric.replica](const Run& run) {
      return get(run, replica);
    };
    return metric;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("no metric is called ", name, "; the nearest is ", Nearest(parts.first)));
}

std::vector<std::string> MetricNames() {
  std::vector<std::string> names;
  for (const Named& named : RunMetrics()) names.emplace_back(named.name);
  for (const ReplicaMetric& metric : ReplicaMetrics()) {
    names.push_back(absl::StrCat(metric.metric.name, ".<replica>"));
  }
  return names;
}

std::string MetricText(MetricUnit unit, double value) {
  if (std::isinf(value)) return "never";
  switch (unit) {
    case MetricUnit::kCount:
      return Thousands(static_cast<uint64_t>(std::llround(value)));
    case MetricUnit::kMillis:
      return MillisText(value);
    case MetricUnit::kPercent:
      return PercentText(value);
    case MetricUnit::kPerSecond:
      return absl::StrCat(ShortNumber(value), "/s");
    case MetricUnit::kBytes:
      return BytesText(value);
    case MetricUnit::kYesNo:
      return value != 0 ? "yes" : "no";
  }
  return absl::StrCat(value);
}

}  // namespace replsim
