// How a node handles a full disk and a failure of its storage.
#include <algorithm>
#include <utility>

#include "common/node/node.h"

namespace replsim {
namespace {

// Time between two attempts to write to a full disk.
constexpr Nanos kRoomRetry = Millis(20);

}  // namespace

// Inserts in order of LSN: the log device may return a batch after later batches were queued.
void Node::WaitForRoom(AppendLog append) {
  if (waiting_.empty()) {
    retry_at_ = host_.Now() + kRoomRetry;
    local_.push_back(LogFull{});
  }
  const auto behind = [](const AppendLog& a, const AppendLog& b) {
    return a.batch->first < b.batch->first;
  };
  waiting_.insert(std::upper_bound(waiting_.begin(), waiting_.end(), append, behind),
                  std::move(append));
}

void Node::WriteWaiting() {
  retry_at_ = host_.Now() + kRoomRetry;
  host_.log_device().Drain();  // only one thread may append
  while (!waiting_.empty() && !halted_) {
    AppendLog& next = waiting_.front();
    const Lsn last = storage_.log().last();
    // The log device is about to return an earlier batch.
    if (next.batch->first > last + 1) return;
    // A failpoint may have divided the batch: its first part is in the log.
    if (next.batch->first <= last) next.batch = Slice(next.batch, last + 1, next.batch->last);
    // Waiting batches share a flush, also with sync: every-write.
    const bool flushes = next.flush != FlushMode::kNone;
    if (!WriteBatch(next.batch, flushes ? FlushMode::kGroup : FlushMode::kNone)) return;
    waiting_.pop_front();
  }
  if (waiting_.empty()) local_.push_back(LogHasRoom{});
}

// Batches that wait for room are not in the log, so a truncation drops them.
void Node::DropWaiting() {
  if (waiting_.empty()) return;
  waiting_.clear();
  local_.push_back(LogHasRoom{});  // assumed; the next append shows whether it is true
}

// The remaining effects of this step are dropped: they may depend on the failed one (for example an
// epoch that was not persisted).
void Node::StorageFailed(const absl::Status& why) {
  local_.push_back(LogFailed{std::string(why.message())});
  drop_remaining_effects_ = true;
}

// Ends the node after the core's answers to waiting clients have been sent.
void Node::End() {
  halted_ = true;
  outside_.EndTurn();
  outside_.AfterSent([this] { host_.Fail(failure_); });
}

}  // namespace replsim
