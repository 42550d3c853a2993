// Observers for the anomalies of the outcome matrix (matrix_cases.h), one each, over the whole
// recording. They do not know which mode ran.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/final_log.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/writes/fates.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct Evidence {
  explicit Evidence(const Recording& run);

  const Recording& recording;
  const FinalLog final_log;
  const LeadershipHistory leadership_history;
  const Fates fates;
  const proto::RunReport report;
};

// kDegraded: only for answers or values that the primary gave without its sync set.
enum class Seen { kNo, kDegraded, kYes };
using Observer = Seen (*)(const Evidence&);

// An acknowledged write is not in the final log. Degraded: each such answer was unprotected.
Seen AckedLoss(const Evidence& run);
// A write without an answer is in the final log.
Seen UnansweredSurvived(const Evidence& run);
// A read saw a position that is not in the final log. Degraded: only after the set fell behind.
Seen PhantomRead(const Evidence& run);
// A reader of a replica missed a write that was acknowledged before the read.
Seen StaleReplicaRead(const Evidence& run);
// A reader of a replica saw a write before the primary showed it to its own readers.
Seen ReplicaAhead(const Evidence& run);

// An answer was given without the sync set.
Seen Unprotected(const Evidence& run);
// No write was committed for some time, including the end of the load. Degraded: writes went on
// because the primary continued without its set.
Seen WritesStopped(const Evidence& run);
// A write was acknowledged well after a newer epoch had begun, and is not in the final log. A late
// answer for a write that the new leader also has does not count.
Seen LostAckOfOldEpoch(const Evidence& run);

// A read that had to wait for a lost position was answered well after the new epoch began.
Seen LostTokenServed(const Evidence& run);
// Such a read was refused, because that position is not in this log.
Seen LostTokenRefused(const Evidence& run);
// The lag of a replica, computed by subtracting wall clocks, was negative for some time.
Seen WallLagBelowZero(const Evidence& run);
// The log of a leader ends before the log of its predecessor.
Seen LogEndWentBack(const Evidence& run);
// A node that rejoined had to truncate entries of its log.
Seen EntriesCut(const Evidence& run);
// At the end, nodes that follow the same log hold different data.
Seen NodesDiffer(const Evidence& run);

}  // namespace replsim
