// What the runs of a request say about each mode: cost while healthy, and the worst that the tries
// of each failure showed. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protos/report.pb.h"
#include "protos/scenario.pb.h"
#include "simulator/choose/failures.h"
#include "simulator/explore/trial.h"
#include "simulator/scenario/scenario.h"

namespace replsim {

// The tries of one failure in one mode. An absent value was known in no run.
struct ChoiceCell {
  const TriedFailure* failure = nullptr;
  uint64_t runs = 0;
  uint64_t not_judged = 0;              // runs without a report, or whose fault did not happen
  std::vector<std::string> violations;  // of invariants and promises, with the run
  std::optional<uint64_t> lost_most;    // acknowledged writes lost, in the worst run
  std::optional<Variant> worst;         // that run; absent if none lost a write
  bool promised = true;              // in every run, acknowledged writes were promised to survive
  std::string because;               // why they were not, or why they were
  std::optional<double> stop_ms;     // longest time without a committed write
  bool stop_at_least = false;        // that time lasted until the load ended
  std::vector<std::string> readers;  // guarantees promised to readers in every run
};

struct ModeChoice {
  std::string mode;
  uint64_t runs = 0;        // healthy ones
  uint64_t not_judged = 0;  // of these, without a report
  // Of the healthy runs: the median of each value over the runs.
  std::optional<double> p50_ms;
  std::optional<double> p99_ms;
  std::optional<double> per_second;
  std::optional<double> offered_per_second;
  std::optional<uint64_t> clients_needed;  // for the rate, if the runs had fewer
  std::optional<double> stop_ms;           // the longest of them
  std::vector<std::string> readers;        // guarantees promised while no node fails
  std::vector<std::string> violations;
  std::vector<ChoiceCell> cells;
};

// Adds the end of a healthy run, or of a try of `cell.failure`. `repeat` names the run in a
// violation: "seed 3".
class ModeJudge {
 public:
  ModeJudge(std::string mode, const std::vector<const TriedFailure*>& failures);

  void AddHealthy(const Variant& run, const TrialEnd& end);
  void AddFailed(size_t failure, const Variant& run, const TrialEnd& end);
  // Writes committed per second in the healthy runs so far; 0 if unknown.
  double WritesPerSecond() const;
  ModeChoice Done() const;

 private:
  ModeChoice choice_;
  std::vector<double> p50_;
  std::vector<double> p99_;
  std::vector<double> per_second_;
  std::vector<double> offered_;
  // Per cell: the guarantees promised in every run so far; absent before the first.
  std::vector<std::optional<std::vector<std::string>>> readers_;
};

// The answer to a request.
struct ChoiceResult {
  std::vector<std::string> question;  // what was asked, one line each: "r1 0.8 ms, r2 35 ms away"
  // What the configuration of --from says, one line each; empty without one.
  std::vector<std::string> findings;
  uint64_t runs = 0;
  uint32_t tries = 0;             // per failure
  std::optional<double> seconds;  // that the runs took; absent: not shown
  std::vector<ModeChoice> modes;
  std::string command;  // repeats it
  std::string folder;   // of the files of the worst runs
};

// The file of the worst run of a cell, and the command that runs it. The cell has one.
std::string WorstPath(const ChoiceResult& result, const ModeChoice& mode, const ChoiceCell& cell);
std::string WorstCommand(const ChoiceResult& result, const ModeChoice& mode,
                         const ChoiceCell& cell);
// The file's content: it expects the loss.
std::string WorstYaml(const ChoiceCell& cell);

// Whether acknowledged writes were promised to survive: "yes", "no", "luck" (not promised, and none
// was lost), "degraded" (promised, except for the lost ones, which were acknowledged as
// unprotected), "BROKEN" (a violation), "-" (unknown).
std::string PromisedWord(const ChoiceCell& cell);

}  // namespace replsim
