// Fills in the defaults of a scenario. Afterwards every knob is explicit, and a second call changes
// nothing. Pure.
#pragma once

#include "protos/scenario.pb.h"
#include "simulator/scenario/mistakes.h"
#include "simulator/scenario/yaml_reader.h"

namespace replsim {

// Also expands the preset: the scenario's own knobs stay, the preset provides the others. The only
// possible mistake is an unknown preset.
void FillDefaults(const Places& places, proto::Scenario* scenario, Mistakes* mistakes);

}  // namespace replsim
