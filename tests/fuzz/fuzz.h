// The interface of a fuzz program. FuzzOne takes any bytes, and fails a check or crashes if the
// product misbehaves. FuzzSeeds returns the initial inputs, made by the product's own writers, so
// that fuzzing starts inside the format. Each program defines both; fuzz_entry.cc passes them to
// libFuzzer, replay.cc runs them without it.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim {

void FuzzOne(absl::string_view input);
std::vector<std::string> FuzzSeeds();

}  // namespace replsim
