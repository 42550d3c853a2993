// The operating system's user as whom PostgreSQL runs. Its programs refuse root, so root runs them
// as another user. Blocking.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "simulator/cluster/foreign/system.h"

namespace replsim {

class ServerUser {
 public:
  // The user of this process; for root: postgres or, without one, id 65534.
  static absl::StatusOr<ServerUser> Find();

  const std::string& name() const { return name_; }

  // The command that runs `program` as this user and ends it when the simulator dies.
  Launch Command(const std::string& program, const std::vector<std::string>& args) const;
  // Runs a program of this user to its end and returns what it prints.
  absl::StatusOr<std::string> Run(const std::string& program,
                                  const std::vector<std::string>& args) const;

  // Lets this user pass through an existing folder, but not list it.
  absl::Status Enters(const std::string& path) const;
  // Creates a folder that only this user can read. FAILED_PRECONDITION if a folder above is closed
  // to the user.
  absl::Status MakeFolder(const std::string& path) const;
  absl::Status WriteFile(const std::string& path, absl::string_view text) const;

 private:
  std::string setpriv_;
  std::string env_;
  std::string name_;
  bool changes_ = false;  // from root to this user
  uid_t user_ = 0;
  gid_t group_ = 0;
};

}  // namespace replsim
