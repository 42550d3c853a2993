// The event of a client's write.
#pragma once

#include "common/protocol/events.h"
#include "common/storage/store/command.h"

namespace replsim {

// Without an id and a known epoch.
inline WriteRequest RequestOf(const Command& command) {
  WriteRequest request;
  request.client = command.client;
  request.sequence = command.sequence;
  EncodeCommand(command, &request.command);
  request.conditional = IsConditional(command.kind);
  return request;
}

}  // namespace replsim
