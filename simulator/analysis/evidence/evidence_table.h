// The evidence that each analysis needs, in one table. If the recording's cluster did not provide
// it, the analysis is removed from the report: its numbers are absent, and `absent` states the
// reason once per missing kind of evidence. The same holds if a file of a run that reached its end
// is damaged: numbers of what is left would be wrong.
#pragma once

#include "protos/recording.pb.h"
#include "protos/report.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

enum class Evidence {
  kStages,
  kEpochs,
  kProcesses,
  kPositions,
  kLogs,
  kDigests,
  kSettings,
  kAnswers,  // what clients asked and were answered; every cluster provides it
};

// The source of this kind of evidence. For kStages: the best source of any stage of any node. EXACT
// for recordings whose manifest does not state its evidence.
proto::Source SourceOf(const proto::Manifest& manifest, Evidence evidence);

// Whether the recording's cluster provided the evidence that each of these analyses needs.
bool CanCheckInvariants(const proto::Manifest& manifest);
bool CanJudgePromise(const proto::Manifest& manifest);
bool CanDrawMessages(const proto::Manifest& manifest);
bool CanExplainWrites(const proto::Manifest& manifest);

// The files of a run that are missing or incomplete although its cluster writes them.
struct Damage {
  bool history = false;
  bool trace = false;  // of a node with data
};
Damage DamageOf(const Recording& recording);

// Clears the fields of every analysis that lacks evidence, and sets `absent`.
void ApplyEvidence(const proto::Manifest& manifest, const Damage& damage, proto::RunReport& report);

}  // namespace replsim
