// The short window of a run that a drawing of its messages shows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protos/timeline.pb.h"
#include "simulator/analysis/writes/find_write.h"

namespace replsim {

struct Window {
  std::string why;
  int64_t from_ns = 0;
  int64_t to_ns = 0;
  int64_t focus_ns = 0;  // the instant that matters most
  std::optional<WriteRef> write;
};

// Around the first lost write, else around the first fault of a node or link, else around the
// slowest committed write. Absent without any of these. `faults` is the timeline with the
// run's faults.
inline constexpr int64_t kWindowMaxNs = 400'000'000;
std::optional<Window> ChooseWindow(const KnownWrites& evidence, const proto::Timeline& faults);

}  // namespace replsim
