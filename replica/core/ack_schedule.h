// Decides when a replica reports its positions: at once if a stage has advanced for which a gate
// waits, or if a heartbeat requires an answer; otherwise once per report interval. Part of a core.
#pragma once

#include <algorithm>
#include <set>
#include <utility>

#include "common/base/time.h"
#include "common/protocol/knobs.h"
#include "common/protocol/messages.h"

namespace replsim {

class AckSchedule {
 public:
  explicit AckSchedule(Nanos interval) : interval_(interval) {}

  // A stream has begun. Its first acknowledgement is due at once. `prompt`: the stages for which a
  // gate waits.
  void Begin(std::set<Stage> prompt, Instant now) {
    prompt_ = std::move(prompt);
    reported_ = Ack{};
    reported_at_ = now;
    owed_ = true;
  }
  void Owe() { owed_ = true; }  // the next acknowledgement is due at once

  // Whether `ack` must be sent now. If so, it counts as sent.
  bool Due(const Ack& ack, Instant now) {
    const auto advanced = [&](Stage stage) { return At(ack, stage) > At(reported_, stage); };
    const bool prompt = std::any_of(prompt_.begin(), prompt_.end(), advanced);
    const bool due = ack != reported_ && reported_at_ + interval_ <= now;
    if (!prompt && !due && !owed_) return false;
    reported_ = ack;
    reported_at_ = now;
    owed_ = false;
    return true;
  }
  // The time at which the caller must call Due again even without an event; kNever: never.
  Instant NextTimer(const Ack& ack) const {
    return ack != reported_ ? reported_at_ + interval_ : kNever;
  }

 private:
  static Lsn At(const Ack& ack, Stage stage) {
    switch (stage) {
      case Stage::kReplicaReceive:
        return ack.receive;
      case Stage::kReplicaWrite:
        return ack.write;
      case Stage::kReplicaFlush:
        return ack.flush;
      case Stage::kReplicaApply:
        return ack.apply;
      default:
        return Lsn(0);
    }
  }

  const Nanos interval_;
  std::set<Stage> prompt_;
  Ack reported_;
  Instant reported_at_;
  bool owed_ = false;
};

}  // namespace replsim
