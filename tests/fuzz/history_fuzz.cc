// Any bytes as a client history: what is read is written and read again equal.
#include <cstring>

#include "simulator/recording/history.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/scratch_folder.h"

namespace replsim {
namespace {

absl::Status Write(const std::string& path, const std::vector<Operation>& operations) {
  absl::StatusOr<HistoryWriter> writer = HistoryWriter::Create(path);
  if (!writer.ok()) return writer.status();
  for (const Operation& operation : operations) {
    if (absl::Status added = writer->Add(operation); !added.ok()) return added;
  }
  return writer->Close();
}

}  // namespace

void FuzzOne(absl::string_view input) {
  static const ScratchFolder folder;
  const std::string path = folder.Write("history", input);
  const absl::StatusOr<History> history = ReadHistory(path);
  if (!history.ok()) return CheckRefusal(history.status(), path);
  REPL_CHECK(Write(path, history->operations).ok());
  const absl::StatusOr<History> again = ReadHistory(path);
  REPL_CHECK(again.ok() && again->cut_short.empty());
  const size_t count = history->operations.size();
  REPL_CHECK(again->operations.size() == count);
  REPL_CHECK(count == 0 || std::memcmp(again->operations.data(), history->operations.data(),
                                       count * sizeof(Operation)) == 0);
}

std::vector<std::string> FuzzSeeds() {
  std::vector<Operation> operations(3);
  for (Operation& operation : operations) {
    operation.is_write = 1;
    operation.client = 3;
    operation.sequence = static_cast<uint64_t>(&operation - operations.data()) + 1;
    operation.invoked_ns = operation.intended_ns = 1000;
    operation.completed_ns = 2000;
    operation.epoch = 1;
    operation.lsn = operation.sequence;
  }
  return {BytesOf([&](const std::string& path) { return Write(path, operations); }),
          BytesOf([](const std::string& path) { return Write(path, {}); })};
}

}  // namespace replsim
