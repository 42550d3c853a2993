#include "simulator/recording/content_epochs.h"

#include <cstddef>

namespace replsim {

void ContentEpochs::Take(const TraceRecord& record) {
  const auto kind = static_cast<TraceKind>(record.kind);
  if (kind == TraceKind::kTruncated && record.lsn < last_) return CutTo(record.lsn);
  if (kind != TraceKind::kAppend && kind != TraceKind::kStarted) return;
  if (record.lsn < last_) return CutTo(record.lsn);  // the restart lost a tail
  if (record.lsn == last_) return;
  if (stretches_.empty() || stretches_.back().epoch != record.epoch) {
    stretches_.push_back({last_ + 1, record.epoch});
  }
  last_ = record.lsn;
}

uint64_t ContentEpochs::EpochAt(uint64_t lsn) const {
  for (size_t i = stretches_.size(); i-- > 0;) {
    if (stretches_[i].first <= lsn) return stretches_[i].epoch;
  }
  return 0;
}

void ContentEpochs::CutTo(uint64_t lsn) {
  while (!stretches_.empty() && stretches_.back().first > lsn) stretches_.pop_back();
  last_ = lsn;
}

}  // namespace replsim
