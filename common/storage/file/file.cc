#include "common/storage/file/file.h"

#include "absl/strings/str_cat.h"
#include "common/base/mutant.h"
#include "common/base/status.h"

namespace replsim {

std::string FolderOf(const std::string& path) {
  const size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

absl::StatusOr<std::string> ReadWholeFile(FileSystem& fs, const std::string& path) {
  REPL_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, fs.Open(path, /*create=*/false));
  REPL_ASSIGN_OR_RETURN(const uint64_t size, file->Size());
  if (size > kWholeFileBytesMax) {
    return absl::OutOfRangeError(
        absl::StrCat(path, ": has ", size, " bytes; expected at most ", kWholeFileBytesMax));
  }
  return file->ReadAt(0, size);
}

absl::Status ReplaceFile(FileSystem& fs, const std::string& path, absl::string_view contents) {
  const std::string fresh = path + ".new";
  {
    REPL_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, fs.Open(fresh, /*create=*/true));
    REPL_RETURN_IF_ERROR(file->Truncate(0));  // left by an interrupted replacement
    REPL_RETURN_IF_ERROR(file->WriteAt(0, contents));
    if (!Mutated(Mutant::kMetadataNotFlushed)) REPL_RETURN_IF_ERROR(file->Sync());
  }
  REPL_RETURN_IF_ERROR(fs.Rename(fresh, path));
  if (Mutated(Mutant::kMetadataNameNotFlushed)) return absl::OkStatus();
  return fs.SyncFolder(FolderOf(path));
}

}  // namespace replsim
