// What a configuration of a real database means: which preset it amounts to, which one its owner
// may take it for, and where the two differ. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "simulator/choose/config/settings.h"

namespace replsim {

struct ConfigFinding {
  std::string place;  // "postgresql.conf:12"
  std::string text;   // what the setting does, and what it does not do
};

struct ConfigReading {
  std::string mode;  // the preset that it amounts to: "postgres:local"
  // Presets to compare with: what its owner may think that it is, or the alternative that the file
  // does not decide.
  std::vector<std::string> compared;
  // --set of each mode: {"postgres:on", {"replication.sync_set=any 2"}}.
  std::map<std::string, std::vector<std::string>> sets;
  uint32_t replicas = 0;                // that it names; 0: unknown
  std::vector<ConfigFinding> findings;  // in the order in which they matter
};

// Each returns INVALID_ARGUMENT with file and line for a value that the system would refuse.
// Settings that say nothing about replication or durability are ignored.
absl::StatusOr<ConfigReading> ReadPostgres(const ConfigFile& file);
absl::StatusOr<ConfigReading> ReadMysql(const ConfigFile& file);
absl::StatusOr<ConfigReading> ReadRedis(const ConfigFile& file);
absl::StatusOr<ConfigReading> ReadMongodb(const ConfigFile& file);

// Picks the system by the file's name (postgresql.conf, my.cnf, redis.conf, mongod.conf and names
// that contain these words), reads the text, and adds a finding for each file that it includes.
absl::StatusOr<ConfigReading> ReadConfiguration(const std::string& text, const std::string& path);

// Values that several systems have. `file` and `setting` are for the error.
absl::StatusOr<bool> ReadBool(const ConfigFile& file, const ConfigSetting& setting);
// "200ms", "1min", or a number of `unit`: as a duration of a scenario.
absl::StatusOr<std::string> ReadTime(const ConfigFile& file, const ConfigSetting& setting,
                                     const std::string& unit);
absl::StatusOr<uint32_t> ReadCount(const ConfigFile& file, const ConfigSetting& setting);

}  // namespace replsim
