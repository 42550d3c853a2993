// Presets: names for settings of the replication knobs, both generic ones and modes of real
// systems. A preset is data; only this table knows a preset by name. A knob or durability that the
// scenario sets overrides the preset's, in every variant. Plain data; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protos/scenario.pb.h"

namespace replsim {

struct Preset {
  std::string name;
  // One line: the equivalent setting of the real system, and the differences.
  std::string description;
  std::string source;            // source of the times below
  proto::ReplicationSpec knobs;  // every knob set, and `preset`
  // Implied by the system, with its own times; empty if the system leaves it open.
  proto::Durability durability;
  proto::Heartbeat heartbeat;
  proto::Failover failover;
};

// Returns the default of take_over. If a majority acknowledges, inherited records commit behind a
// record of the new primary's own epoch (Raft, section 5.4.2).
proto::TakeOver TakeOverOf(const proto::ReplicationSpec& spec);

// All presets, in the order of `replsim presets`.
const std::vector<Preset>& Presets();
// Returns null if there is no such preset.
const Preset* FindPreset(absl::string_view name);
std::vector<std::string> PresetNames();

}  // namespace replsim
