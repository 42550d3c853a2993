// Any bytes as manifest.json: what is read is saved and read again equal.
#include <google/protobuf/util/message_differencer.h>

#include "simulator/recording/run_folder.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/scratch_folder.h"

namespace replsim {

void FuzzOne(absl::string_view input) {
  static const ScratchFolder folder;
  const std::string path = folder.Write("manifest.json", input);
  const absl::StatusOr<proto::Manifest> manifest = ReadManifest(folder.path());
  if (!manifest.ok()) return CheckRefusal(manifest.status(), path);
  const absl::Status saved = SaveManifest(folder.path(), *manifest);
  REPL_CHECK(saved.ok(), saved.ToString());
  const absl::StatusOr<proto::Manifest> again = ReadManifest(folder.path());
  REPL_CHECK(again.ok(), again.status().ToString());
  REPL_CHECK(google::protobuf::util::MessageDifferencer::Equals(*again, *manifest));
  REPL_CHECK(ListRecordings(folder.path()).ok());
}

std::vector<std::string> FuzzSeeds() {
  proto::Manifest manifest;
  manifest.set_scenario("kill-primary");
  manifest.set_question("What is lost?");
  manifest.set_variant("sync");
  manifest.set_runtime("live");
  manifest.set_seed(42);
  manifest.add_nodes("p");
  manifest.add_nodes("r1");
  manifest.set_final_primary("r1");
  manifest.set_begin_ns(1);
  manifest.set_load_begin_ns(2);
  manifest.set_load_end_ns(3);
  manifest.set_end_ns(4);
  manifest.set_repeat(3);
  manifest.add_notes("a note");
  manifest.set_complete(true);
  const ScratchFolder folder;
  REPL_CHECK(SaveManifest(folder.path(), manifest).ok());
  return {*ReadFileBytes(ManifestPath(folder.path()))};
}

}  // namespace replsim
