// What one run may show of each anomaly of the outcome matrix (matrix_cases.h): one observer for
// each, over the whole recording. Nothing here knows which mode ran.
#pragma once

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/final_log.h"
#include "simulator/analysis/evidence/lineage.h"
#include "simulator/analysis/writes/fates.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct Evidence {
  explicit Evidence(const Recording& run);

  const Recording& recording;
  const FinalLog final_log;
  const Lineages lineages;
  const Fates fates;
  const proto::RunReport report;
};

// kDegraded: only to what was answered, or shown, while the primary did without its sync set.
enum class Seen { kNo, kDegraded, kYes };
using Observer = Seen (*)(const Evidence&);

// An acknowledged write is not in the final log. Degraded: each of those answers was unprotected.
Seen AckedLoss(const Evidence& run);
// A write of which the client was told nothing is in the final log.
Seen UnansweredSurvived(const Evidence& run);
// A read saw a position that is not in the final log. Degraded: none before the set fell behind.
Seen PhantomRead(const Evidence& run);
// A replica's reader missed a write that had been acknowledged before it asked.
Seen StaleReplicaRead(const Evidence& run);
// A replica's reader was told of a write before the primary showed it to its own.
Seen ReplicaAhead(const Evidence& run);

// An answer was given without the sync set.
Seen Unprotected(const Evidence& run);
// No write was committed for a while, the end of the load included. Degraded: it went on because
// the primary did without its set.
Seen WritesStopped(const Evidence& run);
// A write was acknowledged well after a newer epoch had begun, and is not in the final log. (A late
// answer for what the new leader has as well is none too many.)
Seen LostAckOfOldEpoch(const Evidence& run);

// A read that was to wait for a lost position was answered, well after the new epoch began.
Seen LostTokenServed(const Evidence& run);
// Such a read was refused: that position is not in this log.
Seen LostTokenRefused(const Evidence& run);
// A replica's lag, by subtracting wall clocks, was less than nothing for a while.
Seen WallLagBelowZero(const Evidence& run);
// A leader's log ends before the one of its predecessor did.
Seen LogEndWentBack(const Evidence& run);
// A node that rejoined had to cut entries off its log.
Seen EntriesCut(const Evidence& run);
// In the end, nodes that all follow the same log hold different data.
Seen NodesDiffer(const Evidence& run);

}  // namespace replsim
