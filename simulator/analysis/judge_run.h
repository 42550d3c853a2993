// The part of a report that verdicts rest on: what became of the writes, what readers saw, who led,
// whether the nodes agree in the end, and what of this broke a rule or a promise. Without lag,
// latency, exposure, curves and pictures, which AnalyzeRun (run_report.h) adds. Pure: no clock, no
// files.
#pragma once

#include <cstdint>
#include <vector>

#include "protos/report.pb.h"
#include "protos/scenario.pb.h"
#include "simulator/analysis/availability/outage_table.h"
#include "simulator/analysis/evidence/final_log.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/analysis/evidence/workload_facts.h"
#include "simulator/analysis/reads/witness_picture.h"
#include "simulator/analysis/writes/fates.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Judges a recording alone: what a search over many seeds needs. Every field that it sets has the
// value that AnalyzeRun gives it. `resolved` is the run's resolved scenario.
proto::RunReport JudgeRun(const Recording& recording, const proto::Scenario& resolved);

// The parts of it, for AnalyzeRun. Each step adds to `report`.

// Settings, nodes and notes of the recording.
void DescribeRun(const Recording& recording, proto::RunReport& report);

// All references must outlive the call that takes it.
struct DataEvidence {
  const Recording& recording;
  const LeadershipHistory& leadership_history;
  const OutageTable& outages;
  const FinalLog& final_log;
  const Fates& fates;
  const WorkloadFacts& facts;
};
// Writes, reads, elections, availability and divergence. Returns when the stale reads were invoked.
// `witness`, unless null, gets the picture of why the run is not linearizable.
std::vector<int64_t> JudgeData(const DataEvidence& data, proto::RunReport& report,
                               WitnessPicture* witness);

// Removes what the recording cannot know, and summarizes the guarantees.
void FinishReport(const Recording& recording, const LeadershipHistory& leadership_history,
                  proto::RunReport& report);

// Compares the run with what its settings promise (promised.h), and checks the invariants of the
// protocol.
void HoldAgainst(const proto::Scenario& resolved, const Recording& recording,
                 proto::RunReport& report);

}  // namespace replsim
