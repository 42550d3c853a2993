// Writes a scenario message as YAML that reads back as the same message. Pure.
#pragma once

#include <string>

#include "protos/scenario.pb.h"

namespace replsim {

std::string WriteYaml(const proto::Scenario& scenario);

}  // namespace replsim
