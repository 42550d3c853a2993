#include "replica/core/applier.h"

#include <utility>

#include "common/base/mutant.h"

namespace replsim {
namespace {

// The effect of the mutant kApplyOutOfOrder.
void SwapLastApplies(Effects* effects) {
  const size_t count = effects->size();
  if (count < 2 || !std::holds_alternative<ApplyRecords>((*effects)[count - 2])) return;
  std::swap((*effects)[count - 2], (*effects)[count - 1]);
}

}  // namespace

Lsn Applier::Due(Lsn target, Instant now) {
  if (delay_ <= Nanos(0)) return target;
  if (next_ == kNever) next_ = now + delay_;
  if (next_ > now) return asked_;
  const auto due = static_cast<uint64_t>((now - next_) / delay_) + 1;
  if (target - asked_ > due) {
    next_ += delay_ * static_cast<int64_t>(due);
    return asked_ + due;
  }
  next_ = kNever;
  return target;
}

void Applier::Advance(Lsn target, Receiver& log, Instant now, Effects* out) {
  if (asked_ >= target) return;
  target = Due(target, now);
  if (asked_ >= target) return;
  while (asked_ < target) {
    const Lsn first = asked_ + 1;
    BatchPtr batch = log.recent().From(first, target);
    // Records that are not in memory are read from the log, which requires that they are written.
    const Lsn through = batch != nullptr ? batch->last : std::min(target, log.write());
    if (through < first) break;
    asked_ = through;
    out->push_back(ApplyRecords{std::move(batch), first, through});
    if (Mutated(Mutant::kApplyOutOfOrder)) SwapLastApplies(out);
  }
  log.recent().Trim(log.last());
}

void Applier::HandleTruncated(Lsn last) {
  asked_ = std::min(asked_, last);
  applied_ = std::min(applied_, last);
  next_ = kNever;
}

void Applier::SetDelay(Nanos delay) {
  delay_ = delay;
  next_ = kNever;
}

}  // namespace replsim
