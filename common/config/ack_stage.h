// The stages of a write as scenarios name them (protos/scenario.proto).
#pragma once

#include "protos/knobs.pb.h"

namespace replsim {

// Stages of the primary come first.
inline bool IsReplicaStage(proto::AckStage stage) { return stage >= proto::REPLICA_RECEIVE; }

}  // namespace replsim
