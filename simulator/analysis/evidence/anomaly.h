// Counts one kind of anomaly and keeps its earliest witness.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "protos/report.pb.h"

namespace replsim {

class AnomalyCounter {
 public:
  void Check() { ++checked_; }
  // Counts an anomaly at `time_ns`. `describe` returns the text of the witness; it is called only
  // if this anomaly is the earliest so far.
  template <typename Describe>
  void Found(int64_t time_ns, const Describe& describe) {
    ++count_;
    if (time_ns >= first_ns_) return;
    first_ns_ = time_ns;
    witness_ = describe();
  }

  // The rate is absent if nothing was checked.
  proto::RunReport::Anomaly ToProto() const {
    proto::RunReport::Anomaly anomaly;
    anomaly.set_count(count_);
    anomaly.set_checked(checked_);
    if (checked_ > 0) {
      anomaly.set_rate(100.0 * static_cast<double>(count_) / static_cast<double>(checked_));
    }
    anomaly.set_first_witness(witness_);
    return anomaly;
  }

 private:
  uint64_t checked_ = 0;
  uint64_t count_ = 0;
  int64_t first_ns_ = std::numeric_limits<int64_t>::max();
  std::string witness_;
};

}  // namespace replsim
