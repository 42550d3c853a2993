// Translates what a system says of its logs and stages into the files of a recording: dense LSNs
// and epochs, entries.bin and a trace for each node, and the positions of operations, final reads
// and nodes. Afterwards every analysis reads the run like one of our own nodes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "simulator/cluster/foreign/native_log.h"

namespace replsim {

// One life of a node: from a start to its end.
struct NodeLife {
  Instant begun;
  bool as_primary = false;
  Epoch epoch;             // of the primary that it was, or that it followed at its start
  NodeId primary;          // that primary
  Instant ended = kNever;  // kNever: it lasted until the end of the run
  NativeLog log;           // as it was at the end of this life
};
struct NodeHistory {
  NodeId node;
  std::vector<NodeLife> lives;
};
struct Promotion {
  NodeId node;
  Epoch epoch;
  Instant when;  // the node leads
};

struct NativeRecording {
  std::vector<NodeHistory> nodes;  // in the order of the manifest
  std::vector<Promotion> promotions;
  std::vector<StageStep> steps;    // in order of time
  std::vector<std::string> notes;  // for the manifest
};

// Rewrites the recording in `folder`, whose manifest, history, events and final reads are complete.
absl::Status Translate(const std::string& folder, const NativeRecording& native);
// The logs could not be read: the recording says that positions, logs and stages are absent, and
// why. Returns OK if that is written.
absl::Status ForgetNative(const std::string& folder, const absl::Status& why);

// The index of a key of the load, "k0713"; absent if it is not one.
std::optional<uint32_t> KeyIndex(absl::string_view key);

}  // namespace replsim
