// Any bytes as a node's metadata file: what is read is saved and read again equal. The first byte
// says whether the checksum is made to fit, without which almost nothing would get past it.
#include <xxhash.h>

#include "absl/strings/str_format.h"
#include "common/base/check.h"
#include "common/storage/file/memory_file_system.h"
#include "common/storage/log/metadata.h"
#include "tests/fuzz/fuzz.h"

namespace replsim {
namespace {

constexpr char kFolder[] = "node";
constexpr char kPath[] = "node/metadata";

// The file's last line with the checksum of what is before it.
std::string WithChecksum(absl::string_view text) {
  const absl::string_view body = text.substr(0, text.rfind("xxh3 "));
  return absl::StrFormat("%sxxh3 %016x\n", body,
                         static_cast<uint64_t>(XXH3_64bits(body.data(), body.size())));
}

}  // namespace

void FuzzOne(absl::string_view input) {
  if (input.empty()) return;
  const bool repaired = input[0] % 2 != 0;
  input.remove_prefix(1);
  MemoryFileSystem disk;
  REPL_CHECK(disk.MakeFolder(kFolder).ok());
  REPL_CHECK(ReplaceFile(disk, kPath, repaired ? WithChecksum(input) : std::string(input)).ok());
  const absl::StatusOr<Metadata> metadata = LoadMetadata(disk, kFolder);
  if (!metadata.ok()) {
    REPL_CHECK(metadata.status().message().find(kPath) != absl::string_view::npos);
    return;
  }
  REPL_CHECK(SaveMetadata(disk, kFolder, *metadata).ok());
  const absl::StatusOr<Metadata> again = LoadMetadata(disk, kFolder);
  REPL_CHECK(again.ok(), again.status().ToString());
  REPL_CHECK(again->epoch == metadata->epoch && again->history == metadata->history);
  REPL_CHECK(again->voted_for == metadata->voted_for && again->in_sync == metadata->in_sync);
  REPL_CHECK(again->clean == metadata->clean);
}

std::vector<std::string> FuzzSeeds() {
  MemoryFileSystem disk;
  REPL_CHECK(disk.MakeFolder(kFolder).ok());
  const Metadata metadata{Epoch(7), EpochHistory({{Epoch(3), Lsn(1)}, {Epoch(7), Lsn(1042)}}),
                          NodeId("r1"), PublishedSet{Epoch(7), 3, {NodeId("p"), NodeId("r1")}},
                          /*clean=*/true};
  REPL_CHECK(SaveMetadata(disk, kFolder, metadata).ok());
  const std::string text = *ReadWholeFile(disk, kPath);
  return {std::string(1, '\0') + text, std::string(1, '\1') + text};
}

}  // namespace replsim
