#include "common/feed/recent_log.h"

#include <algorithm>
#include <utility>

#include "common/base/check.h"

namespace replsim {

void RecentLog::Add(BatchPtr batch) {
  REPL_CHECK(batches_.empty() || batch->first == batches_.back()->last + 1, "batch at ",
             batch->first.value());
  bytes_ += batch->bytes.size();
  batches_.push_back(std::move(batch));
}

void RecentLog::Trim(Lsn needed_after) {
  while (bytes_ > bytes_max_ && batches_.size() > 1 && batches_.front()->last <= needed_after) {
    bytes_ -= batches_.front()->bytes.size();
    batches_.pop_front();
  }
}

void RecentLog::Clear() {
  batches_.clear();
  bytes_ = 0;
}

BatchPtr RecentLog::From(Lsn from, Lsn through) const {
  const auto it = std::lower_bound(batches_.begin(), batches_.end(), from,
                                   [](const BatchPtr& b, Lsn lsn) { return b->last < lsn; });
  if (it == batches_.end() || (*it)->first > from || through < from) return nullptr;
  return Slice(*it, from, std::min((*it)->last, through));
}

}  // namespace replsim
