#include "replica/core/receiver.h"

namespace replsim {

void Receiver::Append(const BatchPtr& batch, Effects* out) {
  last_ = batch->last;
  recent_.Add(batch);
  if (flushes_.mode() == FlushMode::kAlone) {
    for (Lsn lsn = batch->first; lsn <= batch->last; ++lsn) {
      out->push_back(AppendLog{Slice(batch, lsn, lsn), FlushMode::kAlone});
    }
  } else {
    out->push_back(AppendLog{batch, flushes_.mode()});
  }
}

void Receiver::HandleTruncated(Lsn last) {
  last_ = write_ = flush_ = last;
  flushes_.Truncated(last);
  recent_.Clear();
}

void Receiver::FlushIfDue(Instant now, Effects* out) {
  if (flushes_.Due(now, write_, flush_)) out->push_back(FlushLog{});
}

}  // namespace replsim
