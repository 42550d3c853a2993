// Describes faults in words, for events and for the list of faults that did not fire. Pure.
#pragma once

#include <string>

#include "common/base/time.h"
#include "protos/scenario.pb.h"

namespace replsim {

// Uses the largest unit that needs no fraction: "20ms", "1500ms", "2s".
std::string DurationText(Nanos duration);

// "kill p", "partition p → r1, r2 (one way)", "set-link p → client: delay 5ms, jitter 1ms"
std::string DescribeAction(const proto::Fault& fault);

// "at 2s", "after 3000 committed writes", "500ms after the fault before it", "at after-primary.ack,
// hit 10"
std::string DescribeTrigger(const proto::When& when);

// " every 2s, 5 times, each for 500ms", " for 500ms", or empty.
std::string DescribeRepetition(const proto::Fault& fault);

// "5s ahead", "right, gaining 1ms a second"
std::string SkewText(Nanos ahead, double drift);

}  // namespace replsim
