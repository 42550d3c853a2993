// The settings of a configuration file, with their lines, in the syntax of each system. Settings
// that nothing reads are kept and ignored; a line that is none is an error. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace replsim {

struct ConfigSetting {
  std::string name;   // as the system compares it: lower case; MySQL: '_' for '-'; YAML: a.b.c
  std::string value;  // without quotes; of a flag without a value: empty
  int line = 0;
  bool operator==(const ConfigSetting&) const = default;
};

struct ConfigFile {
  std::string path;
  std::vector<ConfigSetting> settings;  // in file order
  std::vector<ConfigSetting> includes;  // other files that it names; they are not read

  // Returns the last setting with that name, which counts; null if there is none.
  const ConfigSetting* Find(absl::string_view name) const;
  // The same for several names of one setting.
  const ConfigSetting* FindAny(const std::vector<std::string>& names) const;
  // "postgresql.conf:12"; for null "postgresql.conf".
  std::string PlaceOf(const ConfigSetting* setting) const;
  // INVALID_ARGUMENT "path:line: name = 'value': why".
  absl::Status Refuse(const ConfigSetting& setting, absl::string_view why) const;
};

// Each returns INVALID_ARGUMENT "path:line: what was read, what was expected".
absl::StatusOr<ConfigFile> ParsePostgresConf(const std::string& text, const std::string& path);
// Only the groups that a server reads: [mysqld], [server], [mariadb] and those with a version.
absl::StatusOr<ConfigFile> ParseMyCnf(const std::string& text, const std::string& path);
absl::StatusOr<ConfigFile> ParseRedisConf(const std::string& text, const std::string& path);
absl::StatusOr<ConfigFile> ParseMongodConf(const std::string& text, const std::string& path);

}  // namespace replsim
