// Text for people about values that a report lacks, because their evidence is missing.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "protos/report.pb.h"

namespace replsim {

// "lag, writes at risk: absent, this cluster records no stage traces"
inline std::string AbsentText(const proto::RunReport::Absent& absent) {
  return absl::StrCat(absl::StrJoin(absent.what(), ", "), ": absent, ", absent.why());
}

}  // namespace replsim
