// What a page animates: the stages, messages, writes and faults in a window of a run. Everything
// comes from the recording; instants that it does not hold are left out, not guessed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "protos/replay.pb.h"
#include "protos/timeline.pb.h"
#include "simulator/analysis/timeline/window.h"
#include "simulator/analysis/writes/find_write.h"

namespace replsim {

// In place of an instant that is unknown or never came.
inline constexpr int32_t kNeverUs = -1'000'000'000;

// `focus` is the window that matters, for example ChooseWindow's. The animation shows the whole run
// from the beginning of the load if that has at most `records_max` trace records and operations,
// otherwise the longest interval around the middle of the focus that has no more. `lanes` has the
// elections of the run, if there were any.
proto::Replay BuildReplay(const KnownWrites& evidence, const Window& focus,
                          const proto::LeadLanes& lanes, size_t records_max);

}  // namespace replsim
