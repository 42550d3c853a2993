// A fuzz program: FuzzOne takes any bytes and fails a check (or crashes) where the product behaves
// wrongly. FuzzSeeds makes the inputs that fuzzing starts from, by our own writers, so that the
// first input is already inside the format. Each program defines both; fuzz_entry.cc hands them to
// libFuzzer, replay.cc runs them without it.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim {

void FuzzOne(absl::string_view input);
std::vector<std::string> FuzzSeeds();

}  // namespace replsim
