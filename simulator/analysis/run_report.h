// Everything the analysis says of one recording.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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

// One stage of one replica, every kLagSampleNs from the load's beginning to the run's end. While a
// node is down this is how far behind its disk is.
struct LagSeries {
  std::string replica;
  std::string stage;
  std::vector<std::optional<LagAt>> samples;  // absent: not known at that instant
  std::vector<RecordedState> states;          // of the node, at the same instants
};

struct RunAnalysis {
  proto::RunReport report;
  std::vector<LagSeries> lag;  // for lag.csv
  std::string folder;          // of the recording
  // For the page.
  std::string scenario_yaml;
  proto::Timeline timeline;
  proto::SpaceTime space_time;
  WitnessPicture witness;  // why the run is not linearizable; empty if it is, or was not judged
  struct Explained {
    std::string which;  // lost, slowest: as FindWrite has it
    ExplainedWrite write;
  };
  std::vector<Explained> explained;
};

// A pure function of the recording. What cannot be known stays absent, with a note.
RunAnalysis AnalyzeRun(const Recording& recording);
// The same, held to what the settings promise (promised.h). `resolved` is the run's scenario.
RunAnalysis AnalyzeRun(const Recording& recording, const proto::Scenario& resolved);

}  // namespace replsim
