// Any bytes as the final read of a node: what is read is written again to the same entries.
#include "simulator/recording/final_state.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/scratch_folder.h"

namespace replsim {

void FuzzOne(absl::string_view input) {
  static const ScratchFolder folder;
  const std::string path = folder.Write("p.bin", input);
  const absl::StatusOr<std::vector<FinalEntry>> entries = ReadFinalState(path);
  if (!entries.ok()) return CheckRefusal(entries.status(), path);
  const absl::Status written = WriteFinalState(path, *entries);
  REPL_CHECK(written.ok(), written.ToString());
  const absl::StatusOr<std::vector<FinalEntry>> again = ReadFinalState(path);
  REPL_CHECK(again.ok() && *again == *entries);
}

std::vector<std::string> FuzzSeeds() {
  return {BytesOf([](const std::string& path) {
            return WriteFinalState(path, {{1, 0, 1, 7}, {2, 0, 1, 8}, {900, 0, 3, 9}});
          }),
          BytesOf([](const std::string& path) { return WriteFinalState(path, {}); })};
}

}  // namespace replsim
