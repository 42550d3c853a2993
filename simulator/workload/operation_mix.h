// Draws what an operation does, by the weights of workload.mix. All draws come from the caller's
// Rng. A mix of reads and puts alone takes one draw per operation.
#pragma once

#include <array>

#include "common/base/rng.h"
#include "protos/scenario.pb.h"
#include "simulator/recording/history.h"

namespace replsim {

class OperationMix {
 public:
  struct Drawn {
    bool is_write = false;
    OperationKind kind = OperationKind::kPutOrGet;
  };

  explicit OperationMix(const proto::Mix& mix);
  Drawn Draw(Rng& rng) const;
  bool Has(OperationKind kind) const { return weights_[static_cast<size_t>(kind)] > 0; }

 private:
  std::array<double, kOperationKinds> weights_{};  // of the writes, by kind
  double writes_ = 0;                              // their sum
  double write_share_ = 0;
  bool only_puts_ = false;
};

}  // namespace replsim
