// Election presets: names for settings of the election knobs in `failover`. A preset is data; only
// this table knows one by name. A knob that the scenario sets overrides the preset's, in every
// variant. Plain data; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/time.h"
#include "protos/scenario.pb.h"

namespace replsim {

struct ElectionPreset {
  std::string name;
  std::string description;  // one line: the system that elects like this
  std::string source;       // source of the times below
  std::string simplified;   // what the system does and this setting does not
  // `preset`, and every election knob that the preset implies. Without suspect_after nothing is
  // implied: no elections. take_over is left to the replication preset (presets.h).
  proto::Failover knobs;
  // The in-sync set that the system keeps: sync_set and in_sync, or nothing. They override those of
  // the replication preset.
  proto::ReplicationSpec replication;
  uint32_t witnesses = 0;  // cluster.witnesses; 0: the default of failover.voters
  // The longest cluster.heartbeat.interval: how often the system looks at the primary. 0: any.
  Nanos heartbeat{0};
};

// All election presets, in the order of `replsim presets`.
const std::vector<ElectionPreset>& ElectionPresets();
// Returns null if there is no such preset.
const ElectionPreset* FindElectionPreset(absl::string_view name);
std::vector<std::string> ElectionPresetNames();

}  // namespace replsim
