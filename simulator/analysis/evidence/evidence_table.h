// The evidence that each analysis needs, in one table. If the recording's cluster did not provide
// it, the analysis is removed from the report: its numbers are absent, and `absent` states the
// reason once per missing kind of evidence.
//
// A missing file that the cluster does write is a different case, reported in Recording.notes.
#pragma once

#include "protos/recording.pb.h"
#include "protos/report.pb.h"

namespace replsim {

enum class Evidence { kStages, kEpochs, kProcesses, kPositions, kLogs, kDigests, kSettings };

// The source of this kind of evidence. For kStages: the best source of any stage of any node. EXACT
// for recordings whose manifest does not state its evidence.
proto::Source SourceOf(const proto::Manifest& manifest, Evidence evidence);

// Whether the recording's cluster provided the evidence that each of these analyses needs.
bool CanCheckInvariants(const proto::Manifest& manifest);
bool CanJudgePromise(const proto::Manifest& manifest);
bool CanDrawMessages(const proto::Manifest& manifest);
bool CanExplainWrites(const proto::Manifest& manifest);

// Clears the fields of every analysis that lacks evidence, and sets `absent`.
void ApplyEvidence(const proto::Manifest& manifest, proto::RunReport& report);

}  // namespace replsim
