// What evidence each analysis needs, in one table. An analysis whose evidence the recording's
// cluster did not give is removed from the report: its numbers are absent, and `absent` says why,
// once per missing kind of evidence.
//
// A file that is missing although the cluster writes it is another case: Recording.notes names it.
#pragma once

#include "protos/recording.pb.h"
#include "protos/report.pb.h"

namespace replsim {

enum class Evidence { kStages, kEpochs, kProcesses, kPositions, kLogs, kDigests, kSettings };

// How the recording knows this kind of evidence. Of stages: the best source of any stage of any
// node. EXACT for recordings that do not say.
proto::Source SourceOf(const proto::Manifest& manifest, Evidence evidence);

// Whether the recording's cluster gave what these need.
bool CanCheckInvariants(const proto::Manifest& manifest);
bool CanJudgePromise(const proto::Manifest& manifest);
bool CanDrawMessages(const proto::Manifest& manifest);
bool CanExplainWrites(const proto::Manifest& manifest);

// Clears the fields of every analysis that lacks evidence, and sets `absent`.
void ApplyEvidence(const proto::Manifest& manifest, proto::RunReport& report);

}  // namespace replsim
