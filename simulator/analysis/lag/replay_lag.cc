#include "simulator/analysis/lag/replay_lag.h"

namespace replsim {

void ReplayLag::Connected(uint64_t flushed, int64_t time_ns) {
  *this = ReplayLag();
  Flushed(flushed, time_ns);
}

void ReplayLag::Flushed(uint64_t lsn, int64_t time_ns) { ahead_.push_back({lsn, time_ns}); }

void ReplayLag::Replied(uint64_t applied, int64_t time_ns) {
  bool crossed = false;
  while (!ahead_.empty() && ahead_.front().lsn <= applied) {
    last_ = ahead_.front();
    ahead_.pop_front();
    crossed = true;
  }
  if (crossed) {
    value_ns_ = time_ns - last_->time_ns;
  } else if (!ahead_.empty()) {
    // The applied position lies before the next sample. Its flush time is interpolated between the
    // two neighbouring samples, or is that of the next sample if there is none before.
    const Sample& next = ahead_.front();
    int64_t flushed_ns = next.time_ns;
    if (last_ && next.lsn > last_->lsn && applied >= last_->lsn) {
      const double share =
          static_cast<double>(applied - last_->lsn) / static_cast<double>(next.lsn - last_->lsn);
      flushed_ns = last_->time_ns +
                   static_cast<int64_t>(share * static_cast<double>(next.time_ns - last_->time_ns));
    }
    value_ns_ = time_ns - flushed_ns;
  }
  if (ahead_.empty()) last_.reset();
}

void ReplayLag::Status(uint64_t applied, uint64_t sent, int64_t time_ns) {
  if (applied >= sent && ahead_.empty()) {
    value_ns_.reset();
  } else {
    Replied(applied, time_ns);
  }
}

}  // namespace replsim
