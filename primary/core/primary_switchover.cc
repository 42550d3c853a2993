// How a primary hands its lead over while it is healthy: it holds back new writes until all others
// are committed and shown and the target has received them, and tells the target to stand for
// election. The target's request for votes then deposes this primary, which rejects the writes that
// it has held back. The target is chosen after the writes have stopped, because before that another
// replica may get ahead of it.
#include <algorithm>
#include <utility>

#include "common/base/mutant.h"
#include "primary/core/primary_core.h"

namespace replsim {

void PrimaryCore::On(const SwitchoverRequest& request) {
  if (!leading() || switchover_ || !options_.election.on()) return;
  switchover_ = Switchover{request.target, now_ + options_.switchover_timeout, false, {}};
}

void PrimaryCore::GiveUpLateSwitchover() {
  if (!switchover_ || now_ < switchover_->until) return;
  std::vector<WriteRequest> held_back = std::move(switchover_->held_back);
  switchover_.reset();
  for (WriteRequest& write : held_back) Accept(write);
}

// Begins a switchover to a node that this one is to give its lead back to.
void PrimaryCore::HandOverToPreferred() {
  if (!takeover_.on() || switchover_) return;
  for (const auto& [id, progress] : feed_.followers()) {
    const bool may_win = !in_sync_ || in_sync_->IsStoredMember(id);
    if (progress.streaming() == nullptr || !may_win) {
      takeover_.Forget(id);
    } else {
      takeover_.Observe(id, progress.reported().receive, log_.last, now_);
    }
  }
  const NodeId target = takeover_.TakeDue(now_);
  if (!target.empty()) On(SwitchoverRequest{target});
}

// Tells the target, or the first replica that may lead, if it has the whole log.
void PrimaryCore::HandOverIfSettled() {
  if (!switchover_ || switchover_->asked) return;
  const bool settled = gates_.commit() == log_.last && gates_.visible() == log_.last;
  if (!settled && !Mutated(Mutant::kSwitchOverUnsettled)) return;
  const std::vector<NodeId>& never = options_.election.never_leads;
  for (const auto& [id, progress] : feed_.followers()) {
    if (!switchover_->target.empty() && id != switchover_->target) continue;
    if (std::find(never.begin(), never.end(), id) != never.end()) continue;
    const bool has_all =
        progress.reported().receive == log_.last || Mutated(Mutant::kSwitchOverUnsettled);
    const bool may_win = !in_sync_ || in_sync_->IsStoredMember(id);
    if (!progress.connected() || !has_all || !may_win) continue;
    switchover_->target = id;
    switchover_->asked = true;
    Emit(Trace{TraceKind::kHandsOver, id, epoch_, log_.append});
    Emit(AskPeer{id, TakeLead{epoch_}});
    return GiveUpLease();
  }
}

// The target may be elected although voters are bound to this primary, at any time from now on. A
// primary that leads by a lease therefore stops before that. All its writes are answered.
void PrimaryCore::GiveUpLease() {
  if (options_.election.lease == Nanos(0) || Mutated(Mutant::kKeepLeaseAtSwitchover)) return;
  StepDownFromLead();
}

}  // namespace replsim
