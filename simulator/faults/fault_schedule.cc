#include "simulator/faults/fault_schedule.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "simulator/cluster/seam/run_cluster.h"
#include "simulator/fault_kinds/fault_kind.h"
#include "simulator/faults/describe_fault.h"
#include "simulator/faults/fault_links.h"

namespace replsim {

FaultSchedule::FaultSchedule(const proto::Scenario& scenario, Cluster* cluster,
                             Scheduler* scheduler, RunEventSink sink)
    : cluster_(cluster),
      scheduler_(scheduler),
      damage_({scenario.network().begin(), scenario.network().end()},
              Rng(scenario.seed()).Fork("damage"), cluster, scheduler, std::move(sink)) {
  for (const proto::Fault& fault : scenario.faults()) {
    entries_.emplace_back().fault = fault;
  }
  cluster_->OnFailpointFired([this](const NodeId& node, bool pause, Instant when) {
    OnFailpointFired(node, pause, when);
  });
}

NodeId FaultSchedule::Resolve(const std::string& node) const {
  if (node == "primary") return cluster_->primary();
  if (node == "best") return NodeId();
  return NodeId(node);
}

void FaultSchedule::Begin(Scheduler::Callback armed) {
  armed_ = std::move(armed);
  // Held while arming, so that the schedule starts after the last answer, even if there is none.
  ++calls_under_way_;
  for (size_t i = 0; i < entries_.size(); ++i) {
    const proto::Fault& fault = entries_[i].fault;
    if (!fault.when().point().empty()) Arm(i, Resolve(fault.node()), DescribeAction(fault));
  }
  scheduler_->At(scheduler_->Now(), [this, alive = std::weak_ptr(alive_)] {
    if (alive.lock()) CallEnded();
  });
}

void FaultSchedule::Start() {
  started_ = true;
  const Instant begin = scheduler_->Now();
  for (size_t i = 0; i < entries_.size(); ++i) {
    const proto::When& when = entries_[i].fault.when();
    if (when.has_at()) RunAt(begin + Nanos(when.at().ns()), i);
    if (when.has_after_previous() && i == 0) RunAt(begin + Nanos(when.after_previous().ns()), i);
  }
  FindNextCommitted();
  std::exchange(armed_, nullptr)();
}

void FaultSchedule::Arm(size_t index, const NodeId& node, const std::string& detail) {
  Entry& entry = entries_[index];
  const proto::When& when = entry.fault.when();
  entry.armed_on = node;
  ++calls_under_way_;
  cluster_->ArmFailpoint(
      node,
      {.point = when.point(),
       .hit = when.lsn() > 0 ? 0 : when.hit(),
       .lsn = when.lsn(),
       .pause = entry.fault.do_() == proto::PAUSE},
      [this, index, detail](const absl::Status& status) { OnArmed(index, detail, status); });
}

void FaultSchedule::OnArmed(size_t index, const std::string& detail, const absl::Status& status) {
  Entry& entry = entries_[index];
  if (status.ok()) {
    // The failpoint may have fired before the answer arrived.
    if (entry.state == State::kWaiting) entry.state = State::kArmed;
    damage_.Emit(proto::RunEvent::FAULT_ARMED, scheduler_->Now(), Number(index), entry.armed_on,
                 absl::StrCat(detail, " ", DescribeTrigger(entry.fault.when())),
                 entry.fault.when().lsn());
  } else if (entry.state == State::kWaiting) {
    entry.failure =
        absl::StrCat("could not be armed on ", entry.armed_on.name(), ": ", status.message());
  }
  CallEnded();
}

void FaultSchedule::OnFailpointFired(const NodeId& node, bool pause, Instant when) {
  for (size_t i = 0; i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    const bool armed = entry.state == State::kArmed || entry.state == State::kWaiting;
    if (!armed || entry.armed_on != node) continue;
    if (pause != (entry.fault.do_() == proto::PAUSE)) continue;
    entry.state = State::kUnderWay;
    ++calls_under_way_;
    damage_.DoneByFailpoint(entry.fault, Number(i), node, when,
                            [this, i, node, when](const absl::Status& status) {
                              OnFailpointDone(i, node, when, status);
                            });
    return;
  }
}

void FaultSchedule::OnFailpointDone(size_t index, const NodeId& node, Instant when,
                                    const absl::Status& status) {
  if (status.ok()) {
    Happened(index, node, when);
  } else {
    entries_[index].state = State::kFailed;
    entries_[index].failure = std::string(status.message());
  }
  CallEnded();
}

void FaultSchedule::RunAt(Instant when, size_t index) {
  scheduler_->At(when, [this, index, alive = std::weak_ptr(alive_)] {
    if (alive.lock()) Run(index);
  });
}

void FaultSchedule::FindNextCommitted() {
  next_committed_ = UINT64_MAX;
  for (const Entry& entry : entries_) {
    const uint64_t count = entry.fault.when().committed();
    if (count > 0 && entry.state == State::kWaiting) {
      next_committed_ = std::min(next_committed_, count);
    }
  }
}

void FaultSchedule::RunCommitted() {
  for (size_t i = 0; i < entries_.size(); ++i) {
    const uint64_t count = entries_[i].fault.when().committed();
    const bool waits = entries_[i].state == State::kWaiting;
    if (waits && count > 0 && count <= committed_) Run(i);
  }
  FindNextCommitted();
}

void FaultSchedule::Run(size_t index) {
  Entry& entry = entries_[index];
  if (!started_ || ended_ || entry.state == State::kFailed) return;
  if (entry.state == State::kUnderWay) {
    entry.failure = "it had not finished when its next repetition was due";
    return;
  }
  if (entry.state == State::kHappened && !RunsAgain(index)) return;
  Do(index);
}

void FaultSchedule::Inject(int number, FaultInjector::Done done) {
  if (number < 1 || static_cast<size_t>(number) > entries_.size()) {
    return done(absl::NotFoundError(
        absl::StrCat("There is no fault ", number, "; the scenario has ", entries_.size(), ".")));
  }
  const size_t index = static_cast<size_t>(number) - 1;
  Entry& entry = entries_[index];
  const auto refuse = [&](absl::string_view why) {
    done(absl::FailedPreconditionError(absl::StrCat("Not now: ", why, ".")));
  };
  if (!started_) return refuse("the load has not begun");
  if (ended_) return refuse("the load has ended, and all faults are healed");
  if (entry.state == State::kUnderWay) return refuse("it is in progress");
  // The failpoint would stay armed and fire once more.
  if (!entry.fault.when().point().empty() && entry.state != State::kHappened) {
    return refuse("it is triggered by its failpoint");
  }
  entry.by_hand = std::move(done);
  entry.before = entry.state;
  Do(index);
}

int FaultSchedule::Add(const proto::Fault& fault) {
  Entry& entry = entries_.emplace_back();
  entry.fault = fault;
  entry.fault.clear_when();
  // A refused fault is answered to its caller, and not reported as missing.
  entry.state = State::kHappened;
  entry.happened = 1;
  return Number(entries_.size() - 1);
}

bool FaultSchedule::KilledFromOutside(const proto::RunEvent& exited) {
  if (!absl::StartsWith(exited.detail(), kKilledFromOutside)) return false;
  damage_.NoteDeath(NodeId(exited.node()));
  return true;
}

void FaultSchedule::Do(size_t index) {
  Entry& entry = entries_[index];
  entry.state = State::kUnderWay;
  entry.began = scheduler_->Now();
  ++(ChangesRole(entry) ? role_changes_under_way_ : calls_under_way_);
  const NodeId node = Resolve(entry.fault.node());
  damage_.Do(AsPartition(entry.fault, node, cluster_->link_ends()), Number(index), node,
             [this, index, node](const absl::Status& status) { OnRun(index, node, status); });
}

void FaultSchedule::OnRun(size_t index, const NodeId& node, const absl::Status& status) {
  FaultInjector::Done by_hand = std::exchange(entries_[index].by_hand, nullptr);
  if (status.ok()) {
    Happened(index, node, scheduler_->Now());
    if (entries_[index].fault.do_() == proto::RESTART) RearmOn(node);
  } else if (by_hand != nullptr && absl::IsFailedPrecondition(status)) {
    entries_[index].state = entries_[index].before;
  } else {
    entries_[index].state = State::kFailed;
    entries_[index].failure = std::string(status.message());
    entries_[index].nothing_to_do =
        absl::IsFailedPrecondition(status) && entries_[index].happened > 0;
  }
  if (by_hand != nullptr) by_hand(status);
  if (!ChangesRole(entries_[index])) return CallEnded();
  --role_changes_under_way_;
  CallHealed();
}

void FaultSchedule::Happened(size_t index, const NodeId& node, Instant when) {
  Entry& entry = entries_[index];
  entry.state = State::kHappened;
  ++entry.happened;
  if (entry.fault.has_for_()) {
    scheduler_->At(when + Nanos(entry.fault.for_().ns()),
                   [this, index, node, alive = std::weak_ptr(alive_)] {
                     if (alive.lock()) EndFault(index, node);
                   });
  } else {
    ScheduleAgain(index);
  }
  const size_t next = index + 1;
  if (ended_ || next == entries_.size()) return;
  const proto::When& trigger = entries_[next].fault.when();
  if (trigger.has_after_previous()) RunAt(when + Nanos(trigger.after_previous().ns()), next);
}

// Ends a fault after its `for`. After the load everything is repaired anyway.
void FaultSchedule::EndFault(size_t index, const NodeId& node) {
  if (ended_) return;
  const proto::Fault fault = AsPartition(entries_[index].fault, node, cluster_->link_ends());
  const std::optional<proto::Fault> end = EndOf(fault);
  if (!end || !damage_.Lasts(fault, node)) return ScheduleAgain(index);
  ++calls_under_way_;
  damage_.Do(*end, Number(index), node,
             [this, index, node, restarts = end->do_() == proto::RESTART](absl::Status status) {
               if (status.ok()) {
                 if (restarts) RearmOn(node);
                 ScheduleAgain(index);
               } else {
                 entries_[index].state = State::kFailed;
                 entries_[index].failure =
                     absl::StrCat("it could not be ended: ", status.message());
               }
               CallEnded();
             });
}

bool FaultSchedule::RunsAgain(size_t index) const {
  const proto::Fault& fault = entries_[index].fault;
  if (fault.has_every()) return true;
  return fault.when().has_after_previous() && index > 0 && RunsAgain(index - 1);
}

void FaultSchedule::ScheduleAgain(size_t index) {
  const Entry& entry = entries_[index];
  const proto::Fault& fault = entry.fault;
  if (!fault.has_every() || (fault.has_times() && entry.happened >= fault.times())) return;
  RunAt(std::max(scheduler_->Now(), entry.began + Nanos(fault.every().ns())), index);
}

// Failpoints live in the process, so those that had not fired are lost with it.
void FaultSchedule::RearmOn(const NodeId& node) {
  if (ended_) return;
  for (size_t i = 0; i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    const bool pending = entry.state == State::kArmed || entry.state == State::kWaiting;
    if (!pending || entry.armed_on != node) continue;
    entry.state = State::kWaiting;
    entry.failure.clear();
    Arm(i, node, absl::StrCat("rearmed: ", DescribeAction(entry.fault)));
  }
}

void FaultSchedule::HealAll(FaultInjector::Done done) {
  ended_ = true;
  healed_ = std::move(done);
  ++calls_under_way_;
  CallEnded();
}

void FaultSchedule::CallEnded() {
  if (--calls_under_way_ > 0) return;
  if (armed_) return Start();
  if (!healed_) return;
  damage_.Repair([this](absl::Status status) {
    repaired_ = std::move(status);
    CallHealed();
  });
}

// Waits for changes of role last, because they may need what the repair ends, such as a pause.
void FaultSchedule::CallHealed() {
  if (!healed_ || !repaired_ || role_changes_under_way_ > 0) return;
  std::exchange(healed_, nullptr)(*repaired_);
}

std::string FaultSchedule::Name(size_t index) const {
  const proto::Fault& fault = entries_[index].fault;
  return absl::StrCat("fault ", Number(index), " (", DescribeAction(fault), " ",
                      DescribeTrigger(fault.when()), DescribeRepetition(fault), ")");
}

std::vector<std::string> FaultSchedule::UnderWay() const {
  std::vector<std::string> names;
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].state != State::kUnderWay) continue;
    names.push_back(Name(i) + " is in progress");
  }
  return names;
}

std::vector<std::string> FaultSchedule::Sentences(bool moot_too) const {
  std::vector<std::string> sentences;
  for (size_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    const uint32_t wanted = entry.fault.has_every() ? std::max(1u, entry.fault.times()) : 1;
    const bool done = entry.state == State::kHappened && entry.happened >= wanted;
    if (done && entry.failure.empty()) continue;
    if (entry.nothing_to_do && !moot_too) continue;
    const std::string how_often =
        entry.happened == 0 ? " did not happen: "
        : wanted > 1        ? absl::StrCat(" happened ", entry.happened, " of ", wanted, " times: ")
                            : absl::StrCat(" happened ", entry.happened,
                                    entry.happened == 1 ? " time" : " times", ", then failed: ");
    sentences.push_back(absl::StrCat(Name(i), how_often, WhyNot(entry)));
  }
  return sentences;
}

std::string FaultSchedule::WhyNot(const Entry& entry) const {
  const proto::When& when = entry.fault.when();
  if (!entry.failure.empty()) return entry.failure;
  if (entry.state == State::kUnderWay) return "it was still in progress when the run ended";
  if (!when.point().empty()) {
    return damage_.IsDead(entry.armed_on)
               ? absl::StrCat(entry.armed_on.name(), " died before it reached that point")
               : absl::StrCat(entry.armed_on.name(), " never reached that point");
  }
  if (when.has_after_previous())
    return "the previous fault did not happen, or the load ended first";
  if (when.committed() > 0) return absl::StrCat("only ", committed_, " writes were committed");
  return "the load ended first";
}

}  // namespace replsim
