// Every kind of fault, once: what it happens to, what it needs of a cluster, which keys of a
// scenario it uses, what undoes it, which events say so, and how exploring draws it. The check of
// scenarios and their defaults, refusals, the end of a fault, the evidence of a run and the drawing
// of faults read this table.
//
// A new kind is its word in proto::Action, a row here, its effect (Damage::Do and, where it needs
// one, a call of Cluster), and a test. What it takes beyond a row (a text of its own, a story of
// its own) can come later: there is a plain one for every row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/types/span.h"
#include "common/base/rng.h"
#include "protos/recording.pb.h"
#include "protos/scenario.pb.h"
#include "simulator/cluster/seam/capabilities.h"

namespace replsim {

// What a fault leaves in force on a node or on one direction of a link, one of each at a time.
enum class Condition { kNone, kDown, kPaused, kCut, kLink, kDisk, kApply, kShare, kClock, kFlap };

// How exploring varies a fault of one kind, each a kind of its own to be drawn or not.
enum class Flavor : uint8_t {
  kPlain = 1,
  kAtPoint = 2,  // at a point in the life of a write
  kOneWay = 4,   // in one direction of the links
  kBest = 8,     // of the best replica
  kNamed = 16,   // of a replica by its name
};
constexpr uint8_t operator|(Flavor a, Flavor b) {
  return static_cast<uint8_t>(static_cast<uint8_t>(a) | static_cast<uint8_t>(b));
}

struct FaultKind {
  enum class Target { kNode, kReplica, kLinks, kNodeOrLinks };

  proto::Action action;
  Target target = Target::kNode;
  bool at_point = false;  // may happen at a point in the life of a write
  CapabilitySet needs;
  const char* uses = "";  // the keys of its own, separated by spaces: "delay stall"
  // Sets what the scenario leaves open. Null: nothing.
  void (*fill)(proto::Fault* fault) = nullptr;
  // Why it would do nothing as it stands, for "faults[0] (slow-disk) …"; null, or a null result: it
  // does something.
  const char* (*lacks)(const proto::Fault& fault) = nullptr;

  // The fault that undoes this one, done to the same node or links; `undo` sets its own keys.
  proto::Action undone_by = proto::ACTION_UNSPECIFIED;  // unspecified: there is nothing to end
  void (*undo)(proto::Fault* end) = nullptr;

  proto::RunEvent::Kind event;  // it has happened
  Condition leaves = Condition::kNone;
  const char* word = "";  // in charts: "killed", "reset"; empty: it only ends another

  uint8_t draws = 0;  // its flavors; 0: not drawn but as part of another's story
  // Sets the keys of a drawn fault that has the plain story: it happens, and mostly it ends. Null:
  // it needs none, or has a story of its own (draw_faults.cc).
  void (*draw)(Rng& rng, proto::Fault* fault) = nullptr;
};

// In the order in which they are drawn.
absl::Span<const FaultKind> AllFaultKinds();
// Null: of the unspecified action.
const FaultKind* FindFaultKind(proto::Action action);
const FaultKind& KindOf(proto::Action action);

// As scenario files spell it: "slow-disk".
std::string NameOf(proto::Action action);
// Whether the node is down afterwards, until it is restarted.
bool KillsNode(proto::Action action);
bool IsOfLinks(const proto::Fault& fault);
// Whether it uses this key of proto::Fault.
bool Uses(const FaultKind& kind, const char* key);
// What ends a fault that lasts, to be done to the same node or links. Nothing: there is nothing to
// end.
std::optional<proto::Fault> EndOf(const proto::Fault& fault);

}  // namespace replsim
