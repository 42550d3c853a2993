// The table of fault kinds: for each kind its target, the capabilities it needs, its keys in a
// scenario, its inverse, its events, and how exploring draws it. The scenario check, defaults,
// refusals, fault ends, evidence and the drawing of faults read this table. Plain data; any thread.
//
// A new kind needs its word in proto::Action, a row here, its effect (FaultInjector::Do and perhaps
// a call of Cluster), and a test. A text or a story of its own is optional; every row has a plain
// one.
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

// The state that a fault leaves on a node or on one direction of a link. Each target has at most
// one fault of each condition at a time.
enum class Condition { kNone, kDown, kPaused, kCut, kLink, kDisk, kApply, kShare, kClock, kFlap };

// Variations of a kind that exploring draws separately.
enum class Flavor : uint8_t {
  kPlain = 1,
  kAtPoint = 2,  // at a failpoint
  kOneWay = 4,   // in one direction of the links
  kBest = 8,     // on the best replica
  kNamed = 16,   // on a named replica
};
constexpr uint8_t operator|(Flavor a, Flavor b) {
  return static_cast<uint8_t>(static_cast<uint8_t>(a) | static_cast<uint8_t>(b));
}

struct FaultKind {
  enum class Target { kNode, kReplica, kLinks, kNodeOrLinks };

  proto::Action action;
  Target target = Target::kNode;
  bool at_point = false;  // may happen at a failpoint
  CapabilitySet needs;
  bool hits_witness = false;  // also hits a witness, which has no log, no store and no clients
  bool of_elections = false;  // needs nodes that elect their primary (failover.suspect_after)
  const char* uses = "";      // its own keys, separated by spaces: "delay stall"
  // Fills in defaults. Null: there are none.
  void (*fill)(proto::Fault* fault) = nullptr;
  // Returns why the fault would do nothing as it stands, to follow "faults[0] (slow-disk) …". Null,
  // or a null result: it does something.
  const char* (*lacks)(const proto::Fault& fault) = nullptr;

  // The fault that ends this one on the same node or links; `undo` sets that fault's keys.
  proto::Action undone_by = proto::ACTION_UNSPECIFIED;  // unspecified: there is nothing to end
  void (*undo)(proto::Fault* end) = nullptr;

  proto::RunEvent::Kind event;  // emitted when it has happened
  Condition leaves = Condition::kNone;
  const char* word = "";  // in charts: "killed", "reset"; empty: it only ends another fault

  uint8_t draws = 0;  // its flavors; 0: drawn only as a part of another kind's story
  // Sets the keys of a drawn fault with the plain story (the fault happens and usually ends). Null:
  // it needs no keys, or has a story of its own (draw_faults.cc).
  void (*draw)(Rng& rng, proto::Fault* fault) = nullptr;
};

// All kinds, in the order in which they are drawn.
absl::Span<const FaultKind> AllFaultKinds();
// Returns null for the unspecified action.
const FaultKind* FindFaultKind(proto::Action action);
const FaultKind& KindOf(proto::Action action);

// The name in scenario files: "slow-disk".
std::string NameOf(proto::Action action);
// Returns whether the node is down afterwards, until a restart.
bool KillsNode(proto::Action action);
bool IsOfLinks(const proto::Fault& fault);
// Returns whether the kind uses this key of proto::Fault.
bool Uses(const FaultKind& kind, const char* key);
// Returns the fault that ends a lasting fault on the same node or links; nothing if there is
// nothing to end.
std::optional<proto::Fault> EndOf(const proto::Fault& fault);

}  // namespace replsim
