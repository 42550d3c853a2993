#include "simulator/explore/draw_faults.h"

namespace replsim {

const char* Name(FaultKind kind) {
  switch (kind) {
    case FaultKind::kKill:
      return "kill";
    case FaultKind::kKillAtPoint:
      return "kill-at-point";
    case FaultKind::kRestart:
      return "restart";
    case FaultKind::kPause:
      return "pause";
    case FaultKind::kPromoteBest:
      return "promote-best";
    case FaultKind::kPromoteNamed:
      return "promote-named";
    case FaultKind::kPartition:
      return "partition";
    case FaultKind::kPartitionOneWay:
      return "partition-one-way";
    case FaultKind::kSetLink:
      return "set-link";
    case FaultKind::kSlowApply:
      return "slow-apply";
    case FaultKind::kPowerLoss:
      return "power-loss";
    case FaultKind::kPowerLossAtPoint:
      return "power-loss-at-point";
    case FaultKind::kHostLoss:
      return "host-loss";
    case FaultKind::kHostLossAtPoint:
      return "host-loss-at-point";
    case FaultKind::kSlowDisk:
      return "slow-disk";
    case FaultKind::kFsyncError:
      return "fsync-error";
    case FaultKind::kDiskFull:
      return "disk-full";
    case FaultKind::kReset:
      return "reset";
    case FaultKind::kFlap:
      return "flap";
    case FaultKind::kSlowNode:
      return "slow-node";
    case FaultKind::kClockSkew:
      return "clock-skew";
  }
  return "?";
}

}  // namespace replsim
