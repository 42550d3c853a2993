// How the load identifies its requests to a cluster.
//
// A client of the cluster has one request at a time, and its sequence grows with each request
// (protos/kv.proto). A client of the load that has several requests in flight therefore acts as
// several clients of the cluster, called lanes. Each new attempt at a write gets its own sequence.
#pragma once

#include <cstdint>

namespace replsim {

struct RequestName {
  uint32_t client = 0;
  uint32_t lane = 0;      // 0 in blocking style
  uint64_t sequence = 0;  // of the operation, as in the history; below 2^56
  uint8_t attempt = 0;    // 0: the first; a resent request keeps its number

  uint64_t client_on_wire() const { return uint64_t{lane} << 32 | client; }
  uint64_t sequence_on_wire() const { return sequence << 8 | attempt; }

  static RequestName Of(uint64_t client_on_wire, uint64_t sequence_on_wire) {
    return {static_cast<uint32_t>(client_on_wire), static_cast<uint32_t>(client_on_wire >> 32),
            sequence_on_wire >> 8, static_cast<uint8_t>(sequence_on_wire)};
  }
  bool operator==(const RequestName&) const = default;
};

}  // namespace replsim
