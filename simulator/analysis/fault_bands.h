// The faults of a run as stretches of time, and what has no length as marks: what a chart shades,
// from the run's events.
#pragma once

#include "protos/timeline.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Into `faults` and `marks` of the timeline, in order of time. A fault ends with the event that
// undoes it: RESTARTED for a death, RESUMED, LINK_HEALED, DISK_HEALED, FLAP_ENDED, a detail of
// "ended"; HEAL_BEGIN ends all of links, of disks and of speed.
void AddFaults(const Recording& recording, proto::Timeline& timeline);

}  // namespace replsim
