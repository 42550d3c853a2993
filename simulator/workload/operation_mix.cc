#include "simulator/workload/operation_mix.h"

#include "common/base/check.h"

namespace replsim {

OperationMix::OperationMix(const proto::Mix& mix)
    : weights_{mix.write(), mix.delete_(), mix.cas(), mix.append(), mix.transaction()} {
  for (const double weight : weights_) writes_ += weight;
  const double total = writes_ + mix.read();
  REPL_CHECK(total > 0, "workload.mix: every weight is 0");
  write_share_ = writes_ / total;
  only_puts_ = writes_ == mix.write();
}

OperationMix::Drawn OperationMix::Draw(Rng& rng) const {
  Drawn drawn;
  drawn.is_write = rng.Chance(write_share_);
  if (!drawn.is_write || only_puts_) return drawn;
  double at = rng.Unit() * writes_;
  for (size_t kind = 0; kind < weights_.size(); ++kind) {
    if (weights_[kind] <= 0) continue;
    drawn.kind = static_cast<OperationKind>(kind);
    if ((at -= weights_[kind]) < 0) break;
  }
  return drawn;
}

}  // namespace replsim
