#include "simulator/cluster/foreign/translation.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/recording/run_folder.h"

namespace replsim {

std::optional<uint32_t> KeyIndex(absl::string_view key) {
  uint32_t index = 0;
  if (key.empty() || key[0] != 'k' || !absl::SimpleAtoi(key.substr(1), &index)) return {};
  return index;
}

absl::Status ForgetNative(const std::string& folder, const absl::Status& why) {
  REPL_ASSIGN_OR_RETURN(proto::Manifest manifest, ReadManifest(folder));
  proto::Manifest::Evidence& evidence = *manifest.mutable_evidence();
  evidence.set_positions(proto::ABSENT);
  evidence.set_logs(proto::ABSENT);
  for (proto::Manifest::Evidence::Node& node : *evidence.mutable_nodes()) {
    node.set_receive(proto::ABSENT);
    node.set_write(proto::ABSENT);
    node.set_flush(proto::ABSENT);
    node.set_apply(proto::ABSENT);
  }
  manifest.add_notes(absl::StrCat("the logs of the servers could not be read: ", why.message()));
  return SaveManifest(folder, manifest);
}

absl::Status Translate(const std::string&, const NativeRecording&) {
  return absl::UnimplementedError("");
}

}  // namespace replsim
