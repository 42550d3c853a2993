#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/choose/config/reading.h"

namespace replsim {

absl::StatusOr<ConfigReading> ReadMongodb(const ConfigFile& file) {
  ConfigReading reading;
  reading.mode = "mongodb:majority";
  reading.compared = {"mongodb:w1"};
  if (file.Find("replication.replSetName") == nullptr) {
    reading.findings.push_back(
        {file.PlaceOf(nullptr),
         "replication.replSetName is not set: this node is alone. The table is of a replica set"});
  }
  reading.findings.push_back(
      {file.PlaceOf(nullptr),
       "the write concern is not in this file: it is the client's, or the cluster's default "
       "(majority since MongoDB 5.0, w: 1 before, and with too many arbiters)"});
  if (const ConfigSetting* journal = file.Find("storage.journal.enabled"); journal != nullptr) {
    REPL_ASSIGN_OR_RETURN(const bool enabled, ReadBool(file, *journal));
    if (!enabled) {
      for (const char* mode : {"mongodb:majority", "mongodb:w1"}) {
        reading.sets[mode].push_back("cluster.durability.sync=os");
      }
      reading.findings.push_back({file.PlaceOf(journal),
                                  "there is no journal: a power loss loses acknowledged writes. It "
                                  "is simulated as a log that is never flushed"});
    }
  }
  const ConfigSetting* interval = file.Find("storage.journal.commitIntervalMs");
  if (interval != nullptr) {
    REPL_ASSIGN_OR_RETURN(const std::string time, ReadTime(file, *interval, "ms"));
    reading.sets["mongodb:w1"].push_back(absl::StrCat("cluster.durability.interval=", time));
    reading.findings.push_back(
        {file.PlaceOf(interval),
         absl::StrCat("with w: 1 a power loss loses the writes of up to ", time)});
  }
  return reading;
}

}  // namespace replsim
