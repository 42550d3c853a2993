// What ends a fault that lasts: the fault that undoes it, to be done to the same node or links. The
// one table for `for`, and for what may say it. Nothing: there is nothing to end.
#pragma once

#include <optional>

#include "protos/scenario.pb.h"

namespace replsim {

inline std::optional<proto::Fault> EndOf(const proto::Fault& fault) {
  proto::Fault end;
  end.set_node(fault.node());
  *end.mutable_from() = fault.from();
  *end.mutable_to() = fault.to();
  end.set_one_way(fault.one_way());
  switch (fault.do_()) {
    case proto::KILL:
    case proto::HOST_LOSS:
    case proto::POWER_LOSS:
      end.set_do_(proto::RESTART);
      return end;
    case proto::PAUSE:
      end.set_do_(proto::RESUME);
      return end;
    case proto::PARTITION:
    case proto::FLAP:
    case proto::SLOW_DISK:
    case proto::FSYNC_ERROR:
    case proto::DISK_FULL:
      end.set_do_(proto::HEAL);
      return end;
    case proto::SET_LINK:  // with nothing set: what `network` says
      end.set_do_(proto::SET_LINK);
      return end;
    case proto::SLOW_APPLY:
      end.set_do_(proto::SLOW_APPLY);
      end.mutable_apply_delay()->set_ns(0);
      return end;
    case proto::SLOW_NODE:
      end.set_do_(proto::SLOW_NODE);
      end.set_share(1);
      return end;
    case proto::CLOCK_SKEW:
      end.set_do_(proto::CLOCK_SKEW);
      end.mutable_offset()->set_ns(0);
      return end;
    default:
      return std::nullopt;
  }
}

}  // namespace replsim
