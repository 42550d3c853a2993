// What a lag metric shows that subtracts two wall clocks, as PostgreSQL's now() -
// pg_last_xact_replay_timestamp() and MySQL's Seconds_Behind_Source do, beside what the lag was.
#pragma once

#include <string>

#include "protos/report.pb.h"
#include "simulator/analysis/evidence/lineage.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct WallLag {
  // Of each time that the replica's apply stage advanced during the load: shown, and shown less the
  // age of the entry by the run's clock. Either may be below 0.
  proto::RunReport::Distribution shown_us;
  proto::RunReport::Distribution error_us;
};

// Of recording.nodes[node], while it followed. Both empty where it did not.
WallLag MeasureWallLag(const Recording& recording, const Lineages& lineages, size_t node);

}  // namespace replsim
