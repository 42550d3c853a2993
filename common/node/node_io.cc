// What the trace says of a node's own I/O: flushes, and how long its loop was kept by it.
#include <algorithm>
#include <limits>
#include <utility>

#include "common/node/node.h"

namespace replsim {
namespace {

// Short ones are many, and cost more to write down than they tell.
constexpr Nanos kShortStall = Micros(100);
constexpr Nanos kShortStallsSum = Millis(1);

uint32_t Capped(int64_t value) {
  return static_cast<uint32_t>(std::min<int64_t>(value, std::numeric_limits<uint32_t>::max()));
}

}  // namespace

void Node::FlushEnded(Lsn last, uint64_t device_bytes) {
  const Nanos took = host_.TraceTime() - flush_begun_;
  RecordNow(TraceKind::kFlushEnd, last, static_cast<uint64_t>(took.count()),
            Capped(static_cast<int64_t>(device_bytes / kDeviceBlockBytes)));
}

// Once a turn: what the loop did in between in the same turn was no answer to anybody.
void Node::RecordStall() {
  const Nanos stall = std::exchange(stalled_, Nanos(0));
  if (stall == Nanos(0)) return;
  const auto record = [this](Nanos sum, Nanos worst) {
    RecordNow(TraceKind::kLoopStall, storage_.log().last(), static_cast<uint64_t>(sum.count()),
              Capped(worst.count()));
  };
  if (stall >= kShortStall) return record(stall, stall);
  short_stalls_ += stall;
  worst_short_stall_ = std::max(worst_short_stall_, stall);
  if (short_stalls_ < kShortStallsSum) return;
  record(std::exchange(short_stalls_, Nanos(0)), std::exchange(worst_short_stall_, Nanos(0)));
}

}  // namespace replsim
