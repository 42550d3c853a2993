#include "simulator/cluster/postgres/replication_stream.h"

#include <algorithm>
#include <utility>

namespace replsim {

ReplicationStream::ReplicationStream(bool from_client, Handlers handlers)
    : handlers_(std::move(handlers)), typed_(!from_client) {}

void ReplicationStream::Take(absl::string_view bytes) {
  while (!bytes.empty() && !broken_) {
    const size_t prefix = (typed_ ? 1 : 0) + 4;
    const size_t wanted = sized_ ? head_wanted_ : prefix;
    if (have_ < wanted) {
      const size_t count = std::min(bytes.size(), wanted - have_);
      std::copy_n(bytes.begin(), count, head_.begin() + have_);
      have_ += count;
      bytes.remove_prefix(count);
      if (have_ == prefix && !sized_) HeadIsRead();
    } else {
      const size_t count = std::min<uint64_t>(bytes.size(), left_);
      left_ -= count;
      bytes.remove_prefix(count);
    }
    if (sized_ && have_ == head_wanted_ && left_ == 0) MessageEnds();
  }
}

// The length counts itself, not the type.
void ReplicationStream::HeadIsRead() {
  const size_t type = typed_ ? 1 : 0;
  const uint64_t length = Number(type, 4);
  if (length < 4 || length > kMessageMaxBytes) {
    broken_ = true;
    return;
  }
  sized_ = true;
  const bool copy_data = typed_ && head_[0] == 'd';
  head_wanted_ = copy_data ? std::min<size_t>(kHeadBytes, 1 + length) : type + 4;
  left_ = type + length - head_wanted_;
}

void ReplicationStream::MessageEnds() {
  if (typed_ && head_[0] == 'd' && head_wanted_ == kHeadBytes) {
    const uint64_t body = Number(1, 4) + 1 - kHeadBytes;
    if (head_[5] == 'w' && handlers_.on_wal) {
      handlers_.on_wal({Number(6, 8), Number(6, 8) + body});
    } else if (head_[5] == 'r' && handlers_.on_status) {
      handlers_.on_status({Number(6, 8), Number(14, 8), Number(22, 8)});
    }
  }
  typed_ = true;
  have_ = 0;
  left_ = 0;
  sized_ = false;
}

uint64_t ReplicationStream::Number(size_t at, size_t bytes) const {
  uint64_t number = 0;
  for (size_t i = 0; i < bytes; ++i) number = number << 8 | head_[at + i];
  return number;
}

}  // namespace replsim
