// Finds election settings that are valid but probably not intended. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protos/scenario.pb.h"
#include "simulator/scenario/mistakes.h"
#include "simulator/scenario/yaml_reader.h"

namespace replsim {

// Returns whether the node may become the primary: without elections every node may.
bool MayLead(const proto::Scenario& scenario, absl::string_view node);

// Adds the warnings of a resolved scenario without mistakes. None if the nodes elect no primary.
void AddElectionWarnings(const proto::Scenario& scenario, const Places& places,
                         std::vector<Mistake>* warnings);

}  // namespace replsim
