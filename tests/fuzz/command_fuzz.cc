// Any bytes as a log record's payload: a command that is decoded encodes to the same bytes.
#include "common/base/check.h"
#include "common/storage/store/command.h"
#include "tests/fuzz/fuzz.h"

namespace replsim {

void FuzzOne(absl::string_view input) {
  const std::optional<Command> command = DecodeCommand(input);
  if (!command) return;
  std::string again;
  EncodeCommand(*command, &again);
  REPL_CHECK(again == input);
}

std::vector<std::string> FuzzSeeds() {
  std::vector<std::string> seeds(6);
  EncodeCommand({7, 9, CommandKind::kPut, "k0713", "value"}, &seeds[0]);
  EncodeCommand({7, 10, CommandKind::kDelete, "k0713", ""}, &seeds[1]);
  EncodeCommand({0, 0, CommandKind::kEpochBegin, "", ""}, &seeds[2]);
  EncodeCommand({7, 11, CommandKind::kAppend, "k0713", ";c7-11"}, &seeds[3]);
  EncodeCommand({7, 12, CommandKind::kCas, "k0713", "new", "old"}, &seeds[4]);
  EncodeCommand({7, 13, CommandKind::kTransaction, "", EncodePuts({{"k1", "a"}, {"k2", "b"}})},
                &seeds[5]);
  return seeds;
}

}  // namespace replsim
