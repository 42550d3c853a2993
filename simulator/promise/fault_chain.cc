#include "simulator/promise/fault_chain.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/fault_kinds/fault_kind.h"

namespace replsim {
namespace {

constexpr char kPrimary[] = "primary";

bool Continues(const proto::Fault& fault) { return fault.when().has_after_previous(); }

class Walk {
 public:
  void Through(const proto::Fault& fault) {
    if (OutOfOrder(fault)) return;
    switch (fault.do_()) {
      case proto::KILL:
      case proto::HOST_LOSS:
      case proto::POWER_LOSS:
        return Kill(fault.node());
      case proto::FSYNC_ERROR:
      case proto::DISK_FULL:
        return MayFail(fault.node());
      case proto::RESTART:
        return Restart(fault.node());
      case proto::PAUSE:
        if (!IsLeader(fault.node())) Lose(fault.node());
        return;
      case proto::RESUME:
        before_.unavailable.erase(fault.node());
        return;
      case proto::PROMOTE:
        return Promote(fault.node());
      default:
        return;
    }
  }

  // Takes a fault of another chain, which may fire before, between or after the faults of this
  // chain.
  void Beside(const proto::Fault& fault) {
    if (OutOfOrder(fault)) return;
    switch (fault.do_()) {
      case proto::PROMOTE:
        before_.unsure = "promotions with different triggers may overlap";
        return;
      case proto::RESTART:
        if (MayBeLeader(fault.node())) {
          before_.unsure = "the old primary may restart before a replica is promoted";
          return;
        }
        [[fallthrough]];
      case proto::KILL:
      case proto::HOST_LOSS:
      case proto::POWER_LOSS:
      case proto::FSYNC_ERROR:
      case proto::DISK_FULL:
      case proto::PAUSE:
        // The leader was alive when the chain killed it, so another chain cannot have killed it
        // before.
        if (!IsLeader(fault.node())) Lose(fault.node());
        return;
      default:
        return;
    }
  }

  Before TakeBefore() { return std::move(before_); }

 private:
  // Faults that repeat, or that restart a dead primary by themselves, are outside any order.
  bool OutOfOrder(const proto::Fault& fault) {
    const proto::Action action = fault.do_();
    const bool kills = KillsNode(action);
    const bool of_process =
        kills || action == proto::RESTART || action == proto::PAUSE || action == proto::PROMOTE;
    if (of_process && fault.has_every()) {
      before_.unsure = "a fault repeats and may happen at any moment";
    } else if (kills && fault.has_for_() && MayBeLeader(fault.node())) {
      before_.unsure = "the old primary may restart before a replica is promoted";
    } else {
      return false;
    }
    return true;
  }

  bool IsLeader(const std::string& node) const { return node == kPrimary || node == leader_; }
  // After a promotion of "best" any node may lead.
  bool MayBeLeader(const std::string& node) const { return IsLeader(node) || leader_.empty(); }

  void Lose(const std::string& node) {
    before_.unavailable.insert(node);
    before_.touched.insert(node);
  }

  void Kill(const std::string& node) {
    if (!IsLeader(node)) return Lose(node);
    before_.leader_dead = true;
  }

  // A node with a broken disk may stop by itself. If the leader did, its later kill in this chain
  // does not fire, and neither do the faults after it; so it is not certainly dead here.
  void MayFail(const std::string& node) {
    if (!IsLeader(node)) Lose(node);
  }

  // A restart of a running node is rejected. The node nevertheless counts as having died, to be
  // safe.
  void Restart(const std::string& node) {
    if (MayBeLeader(node)) {
      before_.leader_dead = false;
      before_.first_reign = false;
    }
    if (IsLeader(node)) return;
    before_.unavailable.erase(node);
    before_.touched.insert(node);
  }

  void Promote(const std::string& node) {
    // The old leader becomes an unavailable node, under its name if that is known.
    Lose(leader_.empty() ? absl::StrCat("leader ", promotions_) : leader_);
    leader_ = node == "best" ? "" : node;
    before_.leader_dead = false;
    before_.first_reign = false;
    ++promotions_;
  }

  int promotions_ = 0;
  std::string leader_ = "p";  // empty: "best" was promoted, so the name is unknown
  Before before_;
};

}  // namespace

Before BeforeFault(const proto::Scenario& scenario, int index) {
  const auto& faults = scenario.faults();
  int first = index;
  while (first > 0 && Continues(faults[first])) --first;
  int end = index + 1;
  while (end < faults.size() && Continues(faults[end])) ++end;

  Walk walk;
  for (int i = first; i < index; ++i) walk.Through(faults[i]);
  for (int i = 0; i < faults.size(); ++i) {
    if (i < first || i >= end) walk.Beside(faults[i]);
  }
  return walk.TakeBefore();
}

}  // namespace replsim
