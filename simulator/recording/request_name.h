// How the load names its requests to a cluster. There a client has one request at a time, and each
// a higher sequence than the one before (protos/kv.proto); so a client of the load that has several
// in flight is several clients to the cluster, its lanes, and each attempt at a write that is asked
// for anew has a sequence of its own.
#pragma once

#include <cstdint>

namespace replsim {

struct RequestName {
  uint32_t client = 0;
  uint32_t lane = 0;      // 0 in blocking style
  uint64_t sequence = 0;  // of the operation, as in the history; below 2^56
  uint8_t attempt = 0;    // 0 is the first; the same request sent again has the same

  uint64_t client_on_wire() const { return uint64_t{lane} << 32 | client; }
  uint64_t sequence_on_wire() const { return sequence << 8 | attempt; }

  static RequestName Of(uint64_t client_on_wire, uint64_t sequence_on_wire) {
    return {static_cast<uint32_t>(client_on_wire), static_cast<uint32_t>(client_on_wire >> 32),
            sequence_on_wire >> 8, static_cast<uint8_t>(sequence_on_wire)};
  }
  bool operator==(const RequestName&) const = default;
};

}  // namespace replsim
