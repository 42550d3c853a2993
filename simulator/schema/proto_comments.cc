#include "simulator/schema/proto_comments.h"

#include <map>

#include "absl/strings/strip.h"
#include "simulator/scenario/schema_comments.h"
#include "simulator/schema/report_protos.h"

namespace replsim {

std::string ProtoComment(absl::string_view full_name) {
  static const auto* const comments = [] {
    auto* all = new std::map<std::string, std::string>(ScenarioComments());
    all->merge(CommentsOf(kReportProto, Trailing::kRead));
    all->merge(CommentsOf(kGuaranteesProto, Trailing::kRead));
    all->merge(CommentsOf(kFailoversProto, Trailing::kRead));
    all->merge(CommentsOf(kRecordingProto, Trailing::kRead));
    return all;
  }();
  absl::ConsumePrefix(&full_name, "replsim.proto.");
  const auto it = comments->find(std::string(full_name));
  return it == comments->end() ? "" : it->second;
}

}  // namespace replsim
