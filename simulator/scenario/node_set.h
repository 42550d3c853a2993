// Sets of nodes that an election counts: failover.granted_by, suspect_together and
// lose_lead.without. Unlike
// replication.sync_set they include the node that counts, and no node comes before another, so
// `first` is not one of their forms. Pure.
#pragma once

#include <google/protobuf/descriptor.h>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protos/scenario.pb.h"

namespace replsim {

// Returns whether the SyncSetSpec of this field counts nodes.
bool IsNodeSet(const google::protobuf::FieldDescriptor& field);

// "majority", "any 2", "all".
absl::StatusOr<proto::SyncSetSpec> ParseNodeSet(absl::string_view text);

}  // namespace replsim
