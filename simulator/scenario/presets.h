// Names for settings of the replication knobs: our own words and the modes of real systems. A
// preset is data; nothing but this table knows one by name. A knob that a scenario sets itself
// overrides the preset's, in every variant; so does a durability that it sets itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protos/scenario.pb.h"

namespace replsim {

struct Preset {
  std::string name;
  std::string description;       // one line: the real setting it equals, and where it departs
  std::string source;            // where the times below come from
  proto::ReplicationSpec knobs;  // every knob set, and `preset`
  // What the system itself implies, at its own times; empty where it leaves that open.
  proto::Durability durability;
  proto::Heartbeat heartbeat;
  proto::Failover failover;
};

// What a scenario that says nothing of take_over gets: where a majority acknowledges, a record of
// the new primary's own decides (Raft, section 5.4.2).
proto::TakeOver TakeOverOf(const proto::ReplicationSpec& spec);

// In the order in which they are listed.
const std::vector<Preset>& Presets();
// Null if there is none of that name.
const Preset* FindPreset(absl::string_view name);
std::vector<std::string> PresetNames();

}  // namespace replsim
