#include "tests/virtual/matrix_evidence.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "common/base/time.h"
#include "common/protocol/trace.h"
#include "protos/types.pb.h"
#include "simulator/analysis/run_report.h"

namespace replsim {
namespace {

// Much longer than any message takes: messages in flight at an event have arrived by then.
constexpr int64_t kWellAfterNs = Millis(50).count();
// At the rates of the matrix no healthy cluster goes so long without a write.
constexpr double kStopMs = 120;

bool Committed(const Operation& operation) { return operation.outcome == proto::COMMITTED; }

Seen If(bool seen) { return seen ? Seen::kYes : Seen::kNo; }

int64_t FirstDegraded(const Recording& recording) {
  int64_t first = std::numeric_limits<int64_t>::max();
  for (const NodeRecording& node : recording.nodes) {
    for (const TraceRecord& record : *node.trace) {
      if (record.kind != static_cast<uint8_t>(TraceKind::kDegraded)) continue;
      first = std::min(first, record.time_ns);
      break;
    }
  }
  return first;
}

// Returns whether `position` of a read or its token was lost, and a newer epoch had begun well
// before `time_ns`.
bool LostLongBefore(const Evidence& run, uint64_t epoch, uint64_t lsn, int64_t time_ns) {
  if (lsn == 0 || run.final_log.At(epoch, lsn) != nullptr) return false;
  const std::optional<int64_t> superseded = run.leadership_history.SupersededAt(epoch);
  return superseded && *superseded + kWellAfterNs < time_ns;
}

}  // namespace

Evidence::Evidence(const Recording& run)
    : recording(run),
      final_log(run),
      leadership_history(run),
      fates(DecideFates(run, final_log)),
      report(AnalyzeRun(run).report) {}

// --- writes ---

Seen AckedLoss(const Evidence& run) {
  Seen seen = Seen::kNo;
  for (size_t i = 0; i < run.fates.of.size(); ++i) {
    if (run.fates.of[i] != Fate::kAckedLost) continue;
    if (!run.recording.operations[i].unprotected) return Seen::kYes;
    seen = Seen::kDegraded;
  }
  return seen;
}

Seen UnansweredSurvived(const Evidence& run) {
  return If(run.report.writes().unknown_survived() > 0);
}

Seen Unprotected(const Evidence& run) { return If(run.report.writes().unprotected_acks() > 0); }

Seen WritesStopped(const Evidence& run) {
  if (run.report.availability().unavailable_ms() < kStopMs) return Seen::kNo;
  return Unprotected(run) == Seen::kYes ? Seen::kDegraded : Seen::kYes;
}

Seen LostAckOfOldEpoch(const Evidence& run) {
  Seen seen = Seen::kNo;
  for (const Operation& write : run.recording.operations) {
    if (!write.is_write || !Committed(write)) continue;
    if (!LostLongBefore(run, write.epoch, write.lsn, write.completed_ns)) continue;
    if (!write.unprotected) return Seen::kYes;
    seen = Seen::kDegraded;
  }
  return seen;
}

// --- reads ---

Seen PhantomRead(const Evidence& run) {
  const int64_t degraded = FirstDegraded(run.recording);
  Seen seen = Seen::kNo;
  for (const Operation& read : run.recording.operations) {
    if (read.is_write || !Committed(read) || read.lsn == 0) continue;
    if (run.final_log.At(read.epoch, read.lsn) != nullptr) continue;
    if (read.completed_ns < degraded) return Seen::kYes;
    seen = Seen::kDegraded;
  }
  return seen;
}

Seen StaleReplicaRead(const Evidence& run) {
  return If(run.report.consistency().stale_replica_reads().count() > 0);
}

Seen ReplicaAhead(const Evidence& run) {
  // When the primary showed what, in order of time.
  std::vector<const TraceRecord*> shown;
  for (const TraceRecord& record : *run.recording.nodes[0].trace) {
    if (record.kind == static_cast<uint8_t>(TraceKind::kApply)) shown.push_back(&record);
  }
  for (const Operation& read : run.recording.operations) {
    if (read.is_write || !Committed(read) || read.node == 0) continue;
    const auto first =
        std::lower_bound(shown.begin(), shown.end(), read.lsn,
                         [](const TraceRecord* at, uint64_t lsn) { return at->lsn < lsn; });
    if (first == shown.end() || (*first)->time_ns > read.completed_ns) return Seen::kYes;
  }
  return Seen::kNo;
}

Seen LostTokenServed(const Evidence& run) {
  for (const Operation& read : run.recording.operations) {
    if (read.is_write || !Committed(read)) continue;
    if (LostLongBefore(run, read.wait_epoch, read.wait_lsn, read.invoked_ns)) return Seen::kYes;
  }
  return Seen::kNo;
}

Seen LostTokenRefused(const Evidence& run) {
  const auto& operations = run.recording.operations;
  return If(std::any_of(operations.begin(), operations.end(), [](const Operation& operation) {
    return operation.reason == proto::DIVERGED;
  }));
}

// --- logs ---

Seen WallLagBelowZero(const Evidence& run) {
  constexpr int64_t kNoNoiseUs = -1'000'000;
  const auto& lags = run.report.lag();
  const bool below = std::any_of(lags.begin(), lags.end(), [](const proto::RunReport::Lag& lag) {
    return lag.wall_clock_us().min() < kNoNoiseUs;
  });
  return below ? Seen::kYes : Seen::kNo;
}

Seen LogEndWentBack(const Evidence& run) {
  for (const Leadership& leadership : run.leadership_history.leaderships()) {
    if (!leadership.parent) continue;
    const Leadership& before = run.leadership_history.leaderships()[*leadership.parent];
    if (!before.lineage.empty() && leadership.after_lsn < before.lineage.back().lsn) {
      return Seen::kYes;
    }
  }
  return Seen::kNo;
}

Seen EntriesCut(const Evidence& run) { return If(run.report.divergence().truncated_entries() > 0); }

Seen NodesDiffer(const Evidence& run) {
  const proto::RunReport::Divergence& end = run.report.divergence();
  return If(!end.converged() || !end.digests_equal() || !end.final_states_equal());
}

}  // namespace replsim
