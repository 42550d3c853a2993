#include "simulator/scenario/node_set.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "simulator/scenario/units.h"

namespace replsim {

bool IsNodeSet(const google::protobuf::FieldDescriptor& field) {
  return field.full_name() == "replsim.proto.Failover.granted_by" ||
         field.full_name() == "replsim.proto.Failover.suspect_together" ||
         field.full_name() == "replsim.proto.LoseLead.without";
}

absl::StatusOr<proto::SyncSetSpec> ParseNodeSet(absl::string_view text) {
  constexpr char kForms[] = "expected majority, any K or all";
  absl::string_view words = absl::StripAsciiWhitespace(text);
  if (words == "first" || absl::StartsWith(words, "first ")) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", text.substr(0, 40), "' ranks nodes, which an election does not; ", kForms));
  }
  uint32_t count = 0;
  if (absl::ConsumePrefix(&words, "any ") && absl::SimpleAtoi(words, &count) && count == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text.substr(0, 40),
                     "' needs no node; the node itself is one of them, so expected "
                     "at least any 1"));
  }
  const absl::StatusOr<proto::SyncSetSpec> set = ParseSyncSet(text);
  if (set.ok() && set->kind() != proto::SyncSetSpec::IN_SYNC) return set;
  return absl::InvalidArgumentError(
      absl::StrCat("'", text.substr(0, 40), "' is no set of nodes; ", kForms));
}

}  // namespace replsim
