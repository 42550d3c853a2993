// The complete analysis of one recording. Pure: no clock, no files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protos/replay.pb.h"
#include "protos/report.pb.h"
#include "protos/scenario.pb.h"
#include "protos/timeline.pb.h"
#include "simulator/analysis/lag/lag.h"
#include "simulator/analysis/reads/witness_picture.h"
#include "simulator/analysis/writes/explained_write.h"
#include "simulator/recording/recording.h"

namespace replsim {

inline constexpr int64_t kLagSampleNs = 100'000'000;
inline constexpr int64_t kStallPatienceNs = 200'000'000;
// Trace records and operations in the animation of a page: about 250 kB.
inline constexpr size_t kReplayRecords = 12'000;

// Lag of one stage of one replica, sampled every kLagSampleNs from the start of the load to the end
// of the run. While the node is down, the lag is that of the log on its disk.
struct LagSeries {
  std::string replica;
  std::string stage;
  std::vector<std::optional<LagAt>> samples;  // absent: unknown at that instant
  std::vector<RecordedState> states;          // of the node, at the same instants
};

struct RunAnalysis {
  proto::RunReport report;
  std::vector<LagSeries> lag;  // for lag.csv
  std::string folder;          // of the recording
  // For report.html.
  std::string scenario_yaml;
  proto::Timeline timeline;
  proto::SpaceTime space_time;
  proto::Replay replay;
  proto::LeadLanes lead_lanes;
  WitnessPicture witness;  // why the run is not linearizable; empty if it is, or was not judged
  struct Explained {
    std::string which;  // "lost" or "slowest", as FindWrite takes it
    ExplainedWrite write;
  };
  std::vector<Explained> explained;
};

// Analyzes the recording. Values that cannot be known stay absent, with a note.
// `replay_records_max`: for the animation of a page (replay.h), usually kReplayRecords; 0: none.
RunAnalysis AnalyzeRun(const Recording& recording, size_t replay_records_max = 0);
// The same, and also compares the run with what its settings promise (promised.h) and checks the
// invariants of the protocol. `resolved` is the run's resolved scenario.
RunAnalysis AnalyzeRun(const Recording& recording, const proto::Scenario& resolved,
                       size_t replay_records_max = 0);

}  // namespace replsim
