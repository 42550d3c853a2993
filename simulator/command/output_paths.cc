#include "simulator/command/output_paths.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace replsim {
namespace {

namespace fs = std::filesystem;

absl::Status Refuse(absl::string_view flag, const std::string& path, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(flag, " ", path, ": cannot be written: ", why));
}

bool IsWritable(const fs::path& path) { return access(path.c_str(), W_OK) == 0; }

absl::Status CheckFolder(absl::string_view flag, const std::string& path, const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return Refuse(flag, path, absl::StrCat(folder.string(), " is not a folder"));
  }
  if (IsWritable(folder)) return absl::OkStatus();
  return Refuse(flag, path, absl::StrCat("no permission to write in ", folder.string()));
}

}  // namespace

absl::Status CheckCanWrite(absl::string_view flag, const std::string& path) {
  if (path.empty()) return absl::OkStatus();
  std::error_code error;
  if (fs::is_directory(path, error)) return Refuse(flag, path, "it is a folder; expected a file");
  if (fs::exists(path, error)) {
    return IsWritable(path) ? absl::OkStatus() : Refuse(flag, path, "no permission");
  }
  const fs::path parent = fs::path(path).parent_path();
  if (parent.empty()) return CheckFolder(flag, path, ".");
  if (fs::exists(parent, error)) return CheckFolder(flag, path, parent);
  return Refuse(flag, path, absl::StrCat("there is no folder ", parent.string()));
}

absl::Status CheckCanFill(absl::string_view flag, const std::string& path) {
  std::error_code error;
  fs::path there = fs::path(path).lexically_normal();
  while (!there.empty() && !fs::exists(there, error) && there != there.parent_path()) {
    there = there.parent_path();
  }
  return CheckFolder(flag, path, there.empty() ? fs::path(".") : there);
}

}  // namespace replsim
