#include "simulator/cluster/seam/capabilities.h"

namespace replsim {

const char* NameOf(Capability capability) {
  switch (capability) {
    case Capability::kKill:
      return "kill";
    case Capability::kRestart:
      return "restart";
    case Capability::kPause:
      return "pause";
    case Capability::kPromote:
      return "promote";
    case Capability::kHostLoss:
      return "host-loss";
    case Capability::kPowerLoss:
      return "power-loss";
    case Capability::kDiskFaults:
      return "disk-faults";
    case Capability::kBitFlips:
      return "bit-flips";
    case Capability::kFailpoints:
      return "failpoints";
    case Capability::kSlowApply:
      return "slow-apply";
    case Capability::kSlowNode:
      return "slow-node";
    case Capability::kClockOffset:
      return "clock-offset";
    case Capability::kLinkDelay:
      return "link-delay";
    case Capability::kPartitions:
      return "partitions";
    case Capability::kLinkReset:
      return "link-reset";
    case Capability::kTickets:
      return "tickets";
    case Capability::kCommands:
      return "commands";
    case Capability::kSameRequest:
      return "same-request";
    case Capability::kReadAtPosition:
      return "read-at-position";
    case Capability::kSettings:
      return "settings";
    case Capability::kPositions:
      return "positions";
    case Capability::kStageTraces:
      return "stage-traces";
    case Capability::kProcesses:
      return "processes";
    case Capability::kEpochs:
      return "epochs";
    case Capability::kLogs:
      return "logs";
    case Capability::kDigests:
      return "digests";
  }
  return "?";
}

}  // namespace replsim
