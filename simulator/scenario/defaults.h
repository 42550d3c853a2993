// What a scenario leaves unsaid. After this every knob is explicit, and filling in again changes
// nothing.
#pragma once

#include "protos/scenario.pb.h"
#include "simulator/scenario/mistakes.h"
#include "simulator/scenario/yaml_reader.h"

namespace replsim {

// Presets expand here: the scenario's own knobs stay, the preset gives the others. An unknown
// preset is the only mistake there can be.
void FillDefaults(const Places& places, proto::Scenario* scenario, Mistakes* mistakes);

}  // namespace replsim
