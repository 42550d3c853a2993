// The data that a page draws over time. All numbers of a page come from here and from the report;
// the page computes none.
#pragma once

#include <string>
#include <vector>

#include "common/stats/step_function.h"
#include "protos/timeline.pb.h"
#include "simulator/analysis/availability/interruptions.h"
#include "simulator/analysis/durability/exposure.h"
#include "simulator/analysis/evidence/stages.h"
#include "simulator/analysis/lag/lag.h"
#include "simulator/analysis/lag/lag_lab.h"
#include "simulator/analysis/timeline/time_bins.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Collects curves that the analysis computes and reduces them at once to fixed-size bins, so
// memory does not grow with the length of the run.
class TimelineBuilder {
 public:
  explicit TimelineBuilder(const Recording& recording);

  // The position of one stage of a node.
  void AddStage(const std::string& node, const std::string& stage,
                const StepFunction<StagePosition>& steps);
  // The lag while the node was up, and while it was down.
  void AddLag(const std::string& replica, const std::string& stage, const LagCurve& up,
              const LagCurve& down);
  void AddExposure(const ExposureCurves& curves);
  void AddShown(const ShownLag& shown);
  void AddOutages(const std::vector<Gap>& stops);
  void AddOperations(const std::vector<int64_t>& stale_ns);

  proto::Timeline Done() { return std::move(timeline_); }

 private:
  // Adds nothing if the curve is never known.
  void AddBand(const std::string& replica, const std::string& stage, const LagCurve& curve,
               bool down);

  const Recording& recording_;
  const TimeBins fine_;
  const TimeBins coarse_;
  proto::Timeline timeline_;
};

}  // namespace replsim
