// What a system says of its log and of its stages, in its own positions. translation.h turns it
// into epochs, dense LSNs and stage traces. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/protocol/trace.h"
#include "simulator/recording/recording.h"
#include "simulator/recording/written_value.h"

namespace replsim {

// One committed change in the log of a node.
struct NativeEntry {
  // The leadership in which it was written: the epoch of the PROMOTED or STARTED event. Grows along
  // the log.
  uint64_t epoch = 0;
  // Position in the system's own units, of the end of the entry. Grows along the log within an
  // epoch. 0: the system numbers nothing, and steps name their entry by its write.
  uint64_t native = 0;
  WrittenValue write;       // empty: not a write of the load
  uint32_t key = kNoKey;    // index
  uint32_t user_bytes = 0;  // key and value
  uint32_t log_bytes = 0;   // in the system's log
  int64_t time_ns = 0;      // when its primary appended it, on the run's clock; 0: unknown
  std::string native_text;  // for people: "0/15D68A8"; may be empty

  bool SameAs(const NativeEntry& other) const {
    return epoch == other.epoch && native == other.native && write == other.write &&
           key == other.key;
  }
};

// The log of a node, in order, from the beginning of the run.
struct NativeLog {
  std::vector<NativeEntry> entries;
  // A log that begins with a copy of another node's data: `entries` are those after the copy.
  bool begins_with_copy = false;
  std::string cut;  // describes a torn end that was ignored; empty if there is none
};

// A node has come to a position in a stage.
struct StageStep {
  NodeId node;
  // kAppend (receive), kWrite, kFlush, kApply of the node itself; kSend, kPeerReceive, kPeerWrite,
  // kPeerFlush, kPeerApply of a primary, about `peer`.
  TraceKind stage = TraceKind::kEnd;
  NodeId peer;
  Instant when;
  // The position: everything up to `native`, if the system numbers its log; otherwise the entry of
  // `write` and everything before it. Neither, with kAppend: the copy with which the log begins.
  uint64_t native = 0;
  WrittenValue write;
};

}  // namespace replsim
