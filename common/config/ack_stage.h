// Classifies the stages of a write as the wire enum names them (protos/knobs.proto).
#pragma once

#include "protos/knobs.pb.h"

namespace replsim {

// The enum lists the stages of the primary before those of a replica.
inline bool IsReplicaStage(proto::AckStage stage) { return stage >= proto::REPLICA_RECEIVE; }

}  // namespace replsim
