#include "simulator/workload/quorum_read.h"

#include <utility>

#include "common/base/check.h"

namespace replsim {

QuorumRead::QuorumRead(size_t asked, size_t needed, OperationDone done)
    : awaited_(asked), needed_(needed), done_(std::move(done)) {
  REPL_CHECK(1 <= needed && needed <= asked, "needed=", needed, " asked=", asked);
}

void QuorumRead::Add(OperationResult result) {
  REPL_CHECK(awaited_ > 0, "more answers than requests");
  --awaited_;
  if (!done_) return;
  if (result.outcome != proto::COMMITTED) {
    if (awaited_ < needed_) End(std::move(result));
    return;
  }
  // Among equally new answers the first one counts.
  if (newest_.outcome != proto::COMMITTED || newest_.position < result.position) {
    newest_ = std::move(result);
  }
  if (--needed_ == 0) End(std::move(newest_));
}

void QuorumRead::End(OperationResult result) { std::exchange(done_, nullptr)(std::move(result)); }

}  // namespace replsim
