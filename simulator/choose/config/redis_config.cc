#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/choose/config/reading.h"

namespace replsim {
namespace {

// Adds how the append-only file is flushed.
absl::Status ReadAppendOnly(const ConfigFile& file, ConfigReading* reading) {
  const ConfigSetting* append = file.Find("appendonly");
  bool appends = false;
  if (append != nullptr) {
    REPL_ASSIGN_OR_RETURN(appends, ReadBool(file, *append));
  }
  const ConfigSetting* fsync = file.Find("appendfsync");
  const std::string policy = fsync == nullptr ? "everysec" : absl::AsciiStrToLower(fsync->value);
  if (policy != "always" && policy != "everysec" && policy != "no") {
    return file.Refuse(*fsync, "expected always, everysec or no");
  }
  const auto set = [&](const char* sync) {
    for (const char* mode : {"redis:default", "redis:wait1"}) {
      reading->sets[mode].push_back(absl::StrCat("cluster.durability.sync=", sync));
    }
  };
  if (!appends) {
    set("os");
    reading->findings.push_back(
        {file.PlaceOf(append),
         absl::StrCat("appendonly is off", append == nullptr ? " (the default)" : "",
                      fsync == nullptr ? ""
                                       : absl::StrCat(", so appendfsync = ", policy, " (",
                                                      file.PlaceOf(fsync), ") has no effect"),
                      ": a restarted node has the last snapshot alone. It is simulated as a log "
                      "that is never flushed, which keeps more than that")});
  } else if (policy == "always") {
    set("every-batch");
  } else if (policy == "no") {
    set("os");
    reading->findings.push_back(
        {file.PlaceOf(fsync),
         "the kernel decides when the append-only file is flushed: a power loss loses up to its "
         "writeback time, usually 30 s"});
  } else {
    reading->findings.push_back(
        {file.PlaceOf(fsync),
         absl::StrCat("appendfsync = everysec", fsync == nullptr ? " (the default)" : "",
                      ": a power loss loses the writes of about one second")});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ConfigReading> ReadRedis(const ConfigFile& file) {
  ConfigReading reading;
  reading.mode = "redis:default";
  reading.compared = {"redis:wait1"};
  const ConfigSetting* min = file.Find("min-replicas-to-write");
  if (min == nullptr) min = file.Find("min-slaves-to-write");
  uint32_t replicas = 0;
  if (min != nullptr) {
    REPL_ASSIGN_OR_RETURN(replicas, ReadCount(file, *min));
  }
  if (replicas > 0) {
    std::string lag = "10s";
    const ConfigSetting* max_lag = file.Find("min-replicas-max-lag");
    if (max_lag == nullptr) max_lag = file.Find("min-slaves-max-lag");
    if (max_lag != nullptr) {
      REPL_ASSIGN_OR_RETURN(lag, ReadTime(file, *max_lag, "s"));
    }
    reading.findings.push_back(
        {file.PlaceOf(min),
         absl::StrCat("no write waits for a replica: min-replicas-to-write only refuses writes "
                      "when fewer than ",
                      replicas, " have been heard for ", lag,
                      ", so up to that much can be lost. A client that calls WAIT 1 waits")});
  } else {
    reading.findings.push_back(
        {file.PlaceOf(min),
         "replication is asynchronous: a write waits for a replica only if the "
         "client calls WAIT"});
  }
  REPL_RETURN_IF_ERROR(ReadAppendOnly(file, &reading));
  return reading;
}

}  // namespace replsim
