// The value of a lag metric that subtracts two wall clocks, and its error against the true lag.
// PostgreSQL's now() - pg_last_xact_replay_timestamp() and MySQL's Seconds_Behind_Source are such
// metrics.
#pragma once

#include <string>

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct WallLag {
  // One sample per advance of the replica's apply stage during the load: the shown value, and the
  // shown value minus the age of the entry by the run's clock. Either may be below 0.
  proto::RunReport::Distribution shown_us;
  proto::RunReport::Distribution error_us;
};

// For recording.nodes[node] while it followed. Both are empty if it never followed.
WallLag MeasureWallLag(const Recording& recording, const LeadershipHistory& leadership_history,
                       size_t node);

}  // namespace replsim
