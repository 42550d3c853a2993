#include "simulator/fault_kinds/fault_kind.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "common/base/check.h"

namespace replsim {
namespace {

using proto::RunEvent;
using C = Capability;
using Target = FaultKind::Target;

void FillOneWay(proto::Fault* fault) {
  if (!fault->has_one_way()) fault->set_one_way(false);
}
void FillOneWayOfLinks(proto::Fault* fault) {
  if (fault->node().empty()) FillOneWay(fault);
}
void FillFlap(proto::Fault* fault) {
  FillOneWay(fault);
  if (!fault->has_share()) fault->set_share(0.5);
}
void FillTorn(proto::Fault* fault) {
  if (!fault->has_torn()) fault->set_torn(false);
}
void FillBytes(proto::Fault* fault) {
  if (!fault->has_bytes()) fault->mutable_bytes()->set_bytes(0);
}
void FillFlushes(proto::Fault* fault) {
  if (!fault->has_flushes()) fault->set_flushes(1);
}

const char* LacksLinkSettings(const proto::Fault& fault) {
  if (fault.has_delay()) return nullptr;
  return "sets nothing; expected delay, jitter, bandwidth or loss (delay: 0s removes all)";
}
const char* LacksApplyDelay(const proto::Fault& fault) {
  if (fault.has_apply_delay()) return nullptr;
  return "has no 'apply_delay'; expected the time per entry, e.g. 2ms (0s ends it)";
}
const char* LacksSlowness(const proto::Fault& fault) {
  if (fault.has_delay() || fault.has_stall()) return nullptr;
  return "slows nothing; expected delay (for every flush) or stall (heal ends both)";
}
const char* LacksSkew(const proto::Fault& fault) {
  if (fault.has_offset() || fault.has_drift()) return nullptr;
  return "has neither offset nor drift; expected e.g. offset: 5s (0s corrects the clock)";
}

void EndSlowApply(proto::Fault* end) { end->mutable_apply_delay()->set_ns(0); }
void EndSlowNode(proto::Fault* end) { end->set_share(1); }
void EndSkew(proto::Fault* end) { end->mutable_offset()->set_ns(0); }

void DrawShare(Rng& rng, proto::Fault* fault) { fault->set_share(rng.Chance(0.5) ? 0.2 : 0.05); }
void DrawSkew(Rng& rng, proto::Fault* fault) {
  fault->mutable_offset()->set_ns(static_cast<int64_t>(1 + rng.Below(1000)) * 1'000'000);
  fault->set_drift(rng.Chance(0.5) ? 0.01 : -0.01);
}

constexpr uint8_t kPlain = static_cast<uint8_t>(Flavor::kPlain);
constexpr uint8_t kPlainOrAtPoint = Flavor::kPlain | Flavor::kAtPoint;

constexpr FaultKind kFaultKinds[] = {
    {.action = proto::KILL,
     .at_point = true,
     .needs = {C::kKill},
     .hits_witness = true,
     .undone_by = proto::RESTART,
     .event = RunEvent::KILLED,
     .leaves = Condition::kDown,
     .word = "killed",
     .draws = kPlainOrAtPoint},
    {.action = proto::RESTART,
     .needs = {C::kRestart},
     .hits_witness = true,
     .event = RunEvent::RESTARTED,
     .draws = kPlain},
    {.action = proto::PAUSE,
     .at_point = true,
     .needs = {C::kPause},
     .hits_witness = true,
     .undone_by = proto::RESUME,
     .event = RunEvent::PAUSED,
     .leaves = Condition::kPaused,
     .word = "paused",
     .draws = kPlain},
    {.action = proto::PROMOTE,
     .target = Target::kReplica,
     .needs = {C::kPromote},
     .event = RunEvent::PROMOTED,
     .word = "promoted",
     .draws = Flavor::kBest | Flavor::kNamed},
    // Drawn only by hand: it needs a healthy primary.
    {.action = proto::SWITCHOVER,
     .target = Target::kReplica,
     .needs = {C::kPromote},
     .of_elections = true,
     .event = RunEvent::PROMOTED,
     .word = "handed over"},
    {.action = proto::PARTITION,
     .target = Target::kLinks,
     .needs = {C::kPartitions},
     .uses = "one_way",
     .fill = FillOneWay,
     .undone_by = proto::HEAL,
     .event = RunEvent::LINK_PARTITIONED,
     .leaves = Condition::kCut,
     .word = "partitioned",
     .draws = Flavor::kPlain | Flavor::kOneWay},
    // Ended by setting nothing, which restores the link of `network`.
    {.action = proto::SET_LINK,
     .target = Target::kLinks,
     .needs = {C::kLinkDelay},
     .uses = "delay jitter bandwidth loss",
     .lacks = LacksLinkSettings,
     .undone_by = proto::SET_LINK,
     .event = RunEvent::LINK_SET,
     .leaves = Condition::kLink,
     .word = "link",
     .draws = kPlain},
    {.action = proto::SLOW_APPLY,
     .target = Target::kReplica,
     .needs = {C::kSlowApply},
     .uses = "apply_delay",
     .lacks = LacksApplyDelay,
     .undone_by = proto::SLOW_APPLY,
     .undo = EndSlowApply,
     .event = RunEvent::APPLY_SLOWED,
     .leaves = Condition::kApply,
     .word = "applies slowly",
     .draws = kPlain},
    {.action = proto::RESET,
     .target = Target::kLinks,
     .needs = {C::kLinkReset},
     .event = RunEvent::LINK_RESET,
     .word = "reset",
     .draws = kPlain},
    {.action = proto::FLAP,
     .target = Target::kLinks,
     .needs = {C::kPartitions},
     .uses = "one_way period share",
     .fill = FillFlap,
     .undone_by = proto::HEAL,
     .event = RunEvent::FLAPPING,
     .leaves = Condition::kFlap,
     .word = "flapping",
     .draws = kPlain},
    {.action = proto::SLOW_NODE,
     .needs = {C::kSlowNode},
     .uses = "share",
     .undone_by = proto::SLOW_NODE,
     .undo = EndSlowNode,
     .event = RunEvent::NODE_SLOWED,
     .leaves = Condition::kShare,
     .word = "slowed",
     .draws = kPlain,
     .draw = DrawShare},
    {.action = proto::CLOCK_SKEW,
     .needs = {C::kClockOffset},
     .uses = "offset drift",
     .lacks = LacksSkew,
     .undone_by = proto::CLOCK_SKEW,
     .undo = EndSkew,
     .event = RunEvent::CLOCK_SKEWED,
     .leaves = Condition::kClock,
     .word = "clock",
     .draws = kPlain,
     .draw = DrawSkew},
    {.action = proto::POWER_LOSS,
     .at_point = true,
     .needs = {C::kPowerLoss},
     .hits_witness = true,
     .uses = "torn",
     .fill = FillTorn,
     .undone_by = proto::RESTART,
     .event = RunEvent::POWER_LOST,
     .leaves = Condition::kDown,
     .word = "power lost",
     .draws = kPlainOrAtPoint},
    {.action = proto::SLOW_DISK,
     .needs = {C::kDiskFaults},
     .uses = "delay stall",
     .lacks = LacksSlowness,
     .undone_by = proto::HEAL,
     .event = RunEvent::DISK_BROKEN,
     .leaves = Condition::kDisk,
     .word = "disk",
     .draws = kPlain},
    {.action = proto::FSYNC_ERROR,
     .needs = {C::kDiskFaults},
     .uses = "flushes",
     .fill = FillFlushes,
     .undone_by = proto::HEAL,
     .event = RunEvent::DISK_BROKEN,
     .leaves = Condition::kDisk,
     .word = "disk",
     .draws = kPlain},
    {.action = proto::DISK_FULL,
     .needs = {C::kDiskFaults},
     .uses = "bytes",
     .fill = FillBytes,
     .undone_by = proto::HEAL,
     .event = RunEvent::DISK_BROKEN,
     .leaves = Condition::kDisk,
     .word = "disk",
     .draws = kPlain},
    {.action = proto::HOST_LOSS,
     .at_point = true,
     .needs = {C::kHostLoss},
     .hits_witness = true,
     .undone_by = proto::RESTART,
     .event = RunEvent::KILLED,
     .leaves = Condition::kDown,
     .word = "killed",
     .draws = kPlainOrAtPoint},
    {.action = proto::RESUME,
     .needs = {C::kPause},
     .hits_witness = true,
     .event = RunEvent::RESUMED},
    {.action = proto::HEAL,
     .target = Target::kNodeOrLinks,
     .needs = {C::kPartitions},
     .uses = "one_way",
     .fill = FillOneWayOfLinks,
     .event = RunEvent::LINK_HEALED},
    // Becomes a partition when it happens (fault_links.h), because only then is `primary` known.
    {.action = proto::ISOLATE,
     .needs = {C::kPartitions},
     .hits_witness = true,
     .undone_by = proto::HEAL,
     .event = RunEvent::LINK_PARTITIONED,
     .leaves = Condition::kCut,
     .word = "partitioned",
     .draws = kPlain},
    {.action = proto::DEMOTE,
     .needs = {C::kPromote},
     .of_elections = true,
     .event = RunEvent::DEMOTED,
     .word = "demoted",
     .draws = kPlain},
    {.action = proto::BIT_FLIP,
     .needs = {C::kBitFlips},
     .uses = "lsn",
     .event = RunEvent::BIT_FLIPPED,
     .word = "bit flipped"},
};

}  // namespace

absl::Span<const FaultKind> AllFaultKinds() { return kFaultKinds; }

const FaultKind* FindFaultKind(proto::Action action) {
  const auto* const kind =
      std::find_if(std::begin(kFaultKinds), std::end(kFaultKinds),
                   [action](const FaultKind& candidate) { return candidate.action == action; });
  return kind == std::end(kFaultKinds) ? nullptr : kind;
}

const FaultKind& KindOf(proto::Action action) {
  const FaultKind* const kind = FindFaultKind(action);
  REPL_CHECK(kind != nullptr, "no such fault: ", static_cast<int>(action));
  return *kind;
}

std::string NameOf(proto::Action action) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(proto::Action_Name(action)), {{"_", "-"}});
}

bool KillsNode(proto::Action action) { return KindOf(action).leaves == Condition::kDown; }

bool IsOfLinks(const proto::Fault& fault) {
  const Target target = KindOf(fault.do_()).target;
  return target == Target::kLinks || (target == Target::kNodeOrLinks && fault.node().empty());
}

bool Uses(const FaultKind& kind, const char* key) {
  for (const absl::string_view used : absl::StrSplit(kind.uses, ' ')) {
    if (used == key) return true;
  }
  return false;
}

std::optional<proto::Fault> EndOf(const proto::Fault& fault) {
  const FaultKind& kind = KindOf(fault.do_());
  if (kind.undone_by == proto::ACTION_UNSPECIFIED) return std::nullopt;
  proto::Fault end;
  end.set_do_(kind.undone_by);
  end.set_node(fault.node());
  *end.mutable_from() = fault.from();
  *end.mutable_to() = fault.to();
  end.set_one_way(fault.one_way());
  if (kind.undo != nullptr) kind.undo(&end);
  return end;
}

}  // namespace replsim
