#include "simulator/cluster/postgres/server_user.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/cluster/foreign/programs.h"
#include "simulator/recording/file_bytes.h"

namespace replsim {
namespace {

// Of the user that owns nothing, on Debian.
constexpr uid_t kUnprivileged = 65534;

}  // namespace

absl::StatusOr<ServerUser> ServerUser::Find() {
  ServerUser user;
  user.setpriv_ = FindProgram("setpriv");
  if (user.setpriv_.empty()) {
    return absl::NotFoundError("setpriv is not installed; expected: apt install util-linux");
  }
  user.env_ = FindProgram("env");
  if (user.env_.empty()) return absl::NotFoundError("env is not installed");
  user.changes_ = geteuid() == 0;
  const passwd* entry = nullptr;
  if (user.changes_) {
    entry = getpwnam("postgres");
    if (entry == nullptr) entry = getpwuid(kUnprivileged);
  } else {
    entry = getpwuid(geteuid());
  }
  if (entry == nullptr) {
    return absl::FailedPreconditionError(
        "PostgreSQL needs a user that has an entry in /etc/passwd, and refuses root");
  }
  user.name_ = entry->pw_name;
  user.user_ = entry->pw_uid;
  user.group_ = entry->pw_gid;
  return user;
}

// A change of the user clears the death signal; setpriv sets it afterwards.
Launch ServerUser::Command(const std::string& program, const std::vector<std::string>& args) const {
  std::vector<std::string> words;
  if (changes_) {
    words = {absl::StrCat("--reuid=", user_), absl::StrCat("--regid=", group_), "--clear-groups"};
  }
  // The user may not be able to enter the simulator's working folder, which stops these programs.
  std::vector<std::string> inside = {"-C", "/", program};
  inside.insert(inside.end(), args.begin(), args.end());
  for (std::string& word : WithParentDeathSignal(env_, inside)) words.push_back(std::move(word));
  return {setpriv_, std::move(words)};
}

absl::StatusOr<std::string> ServerUser::Run(const std::string& program,
                                            const std::vector<std::string>& args) const {
  const Launch command = Command(program, args);
  absl::StatusOr<std::string> output = OutputOf(command.program, command.args);
  if (output.ok()) return output;
  return Annotate(output.status(), program);
}

absl::Status ServerUser::Enters(const std::string& path) const {
  if (!changes_) return absl::OkStatus();
  struct stat seen {};
  if (stat(path.c_str(), &seen) != 0) return absl::ErrnoToStatus(errno, path);
  if ((seen.st_mode & S_IXOTH) != 0) return absl::OkStatus();
  if (chown(path.c_str(), static_cast<uid_t>(-1), group_) != 0 ||
      chmod(path.c_str(), (seen.st_mode & S_IRWXU) | S_IXGRP) != 0) {
    return absl::ErrnoToStatus(errno, path);
  }
  return absl::OkStatus();
}

absl::Status ServerUser::MakeFolder(const std::string& path) const {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return absl::ErrnoToStatus(errno, path);
  if (!changes_) return absl::OkStatus();
  if (chown(path.c_str(), user_, group_) != 0) return absl::ErrnoToStatus(errno, path);
  const Launch command = Command("/usr/bin/test", {"-x", path});
  if (OutputOf(command.program, command.args).ok()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      path, " is closed to the user ", name_,
      ", as whom PostgreSQL runs because it refuses root; expected a folder for the recording "
      "(--out) that this user can enter"));
}

absl::Status ServerUser::WriteFile(const std::string& path, absl::string_view text) const {
  REPL_RETURN_IF_ERROR(WriteFileBytes(path, text));
  if (chmod(path.c_str(), 0600) != 0 || (changes_ && chown(path.c_str(), user_, group_) != 0)) {
    return absl::ErrnoToStatus(errno, path);
  }
  return absl::OkStatus();
}

}  // namespace replsim
