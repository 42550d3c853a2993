// The state of one replica that a monitor could read at an instant, on both ends: what its primary
// had learned of it, and what the replica itself knew. The lag metrics are computed from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/evidence/reachable.h"
#include "simulator/analysis/evidence/stages.h"
#include "simulator/analysis/lag/replay_lag.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Wall clocks are given in ns ahead of the run's clock. They are the clocks that stamp log records
// and that replicas subtract. A clock that no record has shown yet counts as correct.
struct Seen {
  int64_t time_ns = 0;
  bool leads = false;  // the replica itself is the primary

  // State of the current primary.
  bool primary_answers = false;
  bool streaming = false;  // the primary has a stream with the replica
  int64_t connected_ns = 0;
  uint64_t connected_lsn = 0;  // the stream resumed after this LSN
  StagePosition appended;
  StagePosition written;
  int64_t primary_ahead_ns = 0;
  uint64_t heard_apply_lsn = 0;  // the apply position that the primary last learned
  uint64_t heard_apply_bytes = 0;
  std::optional<int64_t> replay_lag_ns;

  // State of the replica.
  bool replica_answers = false;
  StagePosition received;
  StagePosition flushed;
  StagePosition applied;
  std::optional<int64_t> replay_age_ns;  // its wall clock minus the stamp of the last applied entry
  bool clocks_compared = false;          // replay_age_ns has been known at least once
  int64_t replica_ahead_ns = 0;
  std::optional<uint64_t> fetch_lag;  // log end minus its own end, at its last receive

  // Whether a message that leaves no record would arrive.
  bool to_replica_passes = false;
  bool to_primary_passes = false;
};

// Moves forward through a recording, which must outlive it, as must the leadership_history.
class MonitorView {
 public:
  MonitorView(const Recording& recording, const LeadershipHistory& leadership_history, size_t node);

  // `time_ns` must not decrease. Processes the trace records up to it, and looks up a few
  // positions.
  const Seen& MoveTo(int64_t time_ns);

  // The current primary's wall clock when it appended that record, as its log shows it. If the log
  // is missing or holds another record by now, the clock counts as correct. O(log n) per call.
  int64_t StampOf(uint64_t lsn) const;

 private:
  void Follow(std::optional<size_t> leadership);
  void TakeOfPrimary(const TraceRecord& record);
  void TakeOfPeer(TraceKind kind, const TraceRecord& record);
  void TakeOfReplica(const TraceRecord& record);
  void Received(uint64_t lsn);
  void TellStatus();
  uint64_t BytesAt(uint64_t lsn) const;
  const Leadership& leader() const;

  const Recording& recording_;
  const LeadershipHistory& lineages_;
  const size_t node_;
  Reachable reachable_;
  Seen seen_;
  std::optional<size_t> leadership_;
  size_t primary_next_ = 0;  // in the leading node's trace
  size_t replica_next_ = 0;
  std::optional<TraceRecord> last_append_;
  std::optional<TraceRecord> last_wall_lag_;
  uint64_t flushed_lsn_ = 0;  // on the primary
  uint64_t sent_lsn_ = 0;
  int64_t heard_ns_ = 0;
  ReplayLag replay_lag_;
  std::deque<std::pair<uint64_t, uint64_t>> sent_;  // in flight: (LSN, log end when sent)
};

}  // namespace replsim
