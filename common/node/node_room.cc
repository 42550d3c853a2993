// What a node does while its disk has no room, or cannot be trusted any more.
#include <algorithm>
#include <utility>

#include "common/node/node.h"

namespace replsim {
namespace {

// How long to wait before asking a full disk again.
constexpr Nanos kRoomRetry = Millis(20);

}  // namespace

// What the log device gives back may come behind what was asked for after it.
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
  host_.log_device().Drain();  // one thread appends
  while (!waiting_.empty() && !halted_) {
    AppendLog& next = waiting_.front();
    const Lsn last = storage_.log().last();
    // What comes before it is on its way back from the log device.
    if (next.batch->first > last + 1) return;
    // A failpoint may have let a part of it pass.
    if (next.batch->first <= last) next.batch = Slice(next.batch, last + 1, next.batch->last);
    // Flushed with what else waited, also where each would have had a flush of its own.
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
  local_.push_back(LogHasRoom{});  // as far as is known: the next batch shows it
}

// What the core wanted done after it rests on what was not done: an epoch, say, that is not saved.
void Node::StorageFailed(const absl::Status& why) {
  local_.push_back(LogFailed{std::string(why.message())});
  rest_is_void_ = true;
}

// The core has told whoever waits; when that has left, the node ends.
void Node::End() {
  halted_ = true;
  outside_.EndTurn();
  outside_.AfterSent([this] { host_.Fail(failure_); });
}

}  // namespace replsim
