// What a monitor could read of one replica at an instant, at both ends: what its primary had
// learned, and what it knew itself. The lag laboratory's metrics are made of this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

#include "simulator/analysis/evidence/lineage.h"
#include "simulator/analysis/evidence/reachable.h"
#include "simulator/analysis/evidence/stages.h"
#include "simulator/analysis/lag/replay_lag.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Wall clocks here are those that stamp log records and that replicas subtract, in nanoseconds
// ahead of the run's clock; a clock that nothing has shown yet counts as right.
struct Seen {
  int64_t time_ns = 0;
  bool leads = false;  // the replica itself does

  // Of whoever leads.
  bool primary_answers = false;
  bool streaming = false;  // the primary has a stream with the replica
  int64_t connected_ns = 0;
  uint64_t connected_lsn = 0;  // the stream resumed after this one
  StagePosition appended;
  StagePosition written;
  int64_t primary_ahead_ns = 0;
  uint64_t heard_apply_lsn = 0;  // the primary's newest knowledge of it
  uint64_t heard_apply_bytes = 0;
  std::optional<int64_t> replay_lag_ns;

  // Of the replica.
  bool replica_answers = false;
  StagePosition received;
  StagePosition flushed;
  StagePosition applied;
  std::optional<int64_t> replay_age_ns;  // its wall clock less the stamp on what it applied last
  bool clocks_compared = false;          // that has ever been known
  int64_t replica_ahead_ns = 0;
  std::optional<uint64_t> fetch_lag;  // log end less what it had, when it last received

  // A message that leaves no record would arrive.
  bool to_replica_passes = false;
  bool to_primary_passes = false;
};

// Goes through a recording forward in time. The recording and the lineages must outlive it.
class SeenReplica {
 public:
  SeenReplica(const Recording& recording, const Lineages& lineages, size_t node);

  // `time_ns` must not go back. Takes what the traces say up to it, and looks up a few positions.
  const Seen& MoveTo(int64_t time_ns);

  // The leading primary's wall clock when it appended that record, as its log has it; where the log
  // is not there, or holds another record by now, as if the clock had been right. Searches.
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
  const Lineages& lineages_;
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
  std::deque<std::pair<uint64_t, uint64_t>> sent_;  // not yet received: LSN, log end when sent
};

}  // namespace replsim
