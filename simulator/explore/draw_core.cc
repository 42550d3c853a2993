#include "simulator/explore/draw_core.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/time.h"
#include "simulator/explore/draw_elections.h"
#include "simulator/fault_kinds/fault_kind.h"
#include "simulator/promise/node_durability.h"
#include "simulator/promise/scenario_facts.h"
#include "simulator/scenario/check.h"
#include "simulator/scenario/links.h"
#include "simulator/scenario/write_share.h"

namespace replsim {
namespace {

// Times from the healing on: how long a restarted node is down, when the best replica of the core
// is promoted, and when the core is restarted again. A former primary follows the new one only
// after that restart.
constexpr Nanos kDown = Millis(20);
constexpr Nanos kPromote = Millis(500);
constexpr Nanos kAgain = Millis(2000);
// Time for reconnecting and catching up, in addition to these and to the scenario's own timeouts.
constexpr Nanos kSettle = Millis(2000);
constexpr uint64_t kSmallValueBytes = 10'000;
// A timeout below a flush or a round trip lets no write through.
constexpr Nanos kPatienceMin = Millis(1000);
constexpr int kArrivals = 5;  // writes for which the last part of the load has time

Nanos TimeOf(const proto::Duration& duration) { return Nanos(duration.ns()); }

void Set(Nanos time, proto::Duration* duration) { duration->set_ns(time.count()); }

// How long a write may wait for the next flush of a node with this durability.
Nanos FlushWait(const proto::Durability& durability) {
  if (durability.sync() == proto::INTERVAL) return TimeOf(durability.interval());
  return TimeOf(durability.group_delay());
}

// How long a write takes at most while no node is broken: its flushes, one after the other, and two
// round trips, with replicas-first.
Nanos WriteTime(const proto::Scenario& scenario) {
  const proto::Cluster& cluster = scenario.cluster();
  Nanos on_replica{0};
  for (const std::string& id : ReplicaIds(scenario)) {
    on_replica = std::max(on_replica, FlushWait(DurabilityAsReplica(cluster, id)));
  }
  return FlushWait(cluster.durability()) + on_replica + 2 * LongestRoundTrip(scenario);
}

bool CanBeAsked(const proto::Scenario& scenario) {
  const auto flips = [](const proto::Fault& fault) { return fault.do_() == proto::BIT_FLIP; };
  return scenario.cluster().replicas() > 0 && WriteShare(scenario.workload().mix()) > 0 &&
         scenario.workload().value_bytes().bytes() <= kSmallValueBytes &&
         !HasNarrowLink(scenario) &&
         2 * WriteTime(scenario) < TimeOf(scenario.workload().deadline()) &&
         std::none_of(scenario.faults().begin(), scenario.faults().end(), flips);
}

// The healing ends kills and pauses; every other lasting fault needs an end of its own.
bool NeedsAnEnd(const proto::Fault& fault) {
  const FaultKind& kind = KindOf(fault.do_());
  const bool stops = KillsNode(fault.do_()) || kind.leaves == Condition::kPaused;
  return !stops && kind.undone_by != proto::ACTION_UNSPECIFIED;
}

// Computes the times of the faults, one after the other, as far as the scenario determines them.
class Times {
 public:
  // Returns when `fault` happens for the last time. Nothing if that depends on the run: on a count
  // of writes, on a failpoint, or on an earlier fault of that kind.
  std::optional<Nanos> Next(const proto::Fault& fault) {
    const proto::When& when = fault.when();
    if (when.has_at()) {
      last_ = TimeOf(when.at());
    } else if (when.has_after_previous() && last_) {
      *last_ += TimeOf(when.after_previous());
    } else {
      last_.reset();
    }
    if (last_ && fault.has_every()) {
      const Nanos period = std::max(TimeOf(fault.every()), TimeOf(fault.for_())) + Millis(1);
      *last_ += fault.times() * period;
    }
    return last_;
  }
  void Lose() { last_.reset(); }  // faults with after_previous of this one do not happen either

 private:
  std::optional<Nanos> last_;
};

// Keeps the faults that are known to happen before `end`, and ends them by then.
void EndFaultsBefore(Nanos end, proto::Scenario* scenario) {
  google::protobuf::RepeatedPtrField<proto::Fault> kept;
  Times times;
  for (proto::Fault& fault : *scenario->mutable_faults()) {
    const bool endless = fault.has_every() && !fault.has_times();
    if (endless) fault.set_times(2);
    const std::optional<Nanos> last = times.Next(fault);
    if (!last || *last + TimeOf(fault.for_()) + Millis(1) >= end) {
      times.Lose();
      continue;
    }
    if (NeedsAnEnd(fault) && !fault.has_for_()) {
      fault.clear_every();
      fault.clear_times();
      Set(end - Millis(1) - *last, fault.mutable_for_());
    }
    *kept.Add() = std::move(fault);
  }
  scenario->mutable_faults()->Swap(&kept);
}

// Returns whether a primary outside of these nodes is suspected by enough of them, and one of them
// is heard by enough to go on leading.
bool IsHeardByEnough(const proto::Scenario& scenario, uint32_t nodes) {
  const proto::Failover& failover = scenario.failover();
  const uint32_t witnesses = scenario.cluster().witnesses();
  const proto::SyncSetSpec& together = failover.suspect_together();
  if (failover.has_suspect_together() && together.kind() != proto::SyncSetSpec::ALL) {
    const bool all_observe = failover.observers() != proto::WITNESSES_OBSERVE;
    const uint32_t observers = witnesses + (all_observe ? nodes : 0);
    if (observers < NodesNeeded(together, Observing(scenario))) return false;
  }
  return !failover.has_lose_lead() ||
         nodes + witnesses >=
             NodesNeeded(failover.lose_lead().without(), AllVoters(scenario.cluster()));
}

// Returns whether these nodes alone can elect one of them. A node that never leads may have the
// longest log, and then it votes for none of them.
bool CanElect(const proto::Scenario& scenario, const std::vector<std::string>& core) {
  const proto::Failover& failover = scenario.failover();
  const auto may_lead = std::count_if(core.begin(), core.end(), [&](const std::string& id) {
    const auto& never = failover.never_leads();
    return std::find(never.begin(), never.end(), id) == never.end();
  });
  const bool all_vote = failover.voters() != proto::WITNESSES;
  const uint32_t votes =
      scenario.cluster().witnesses() + (all_vote ? static_cast<uint32_t>(may_lead) : 0);
  return may_lead > 0 && votes >= NodesNeeded(failover.granted_by(), Electorate(scenario)) &&
         IsHeardByEnough(scenario, static_cast<uint32_t>(core.size()));
}

// The time in which an election succeeds, lost rounds included.
Nanos ElectionTime(const proto::Failover& failover) {
  constexpr int kRounds = 6;
  return kRounds * (TimeOf(failover.suspect_after()) + LongDraw(failover.stand_delay()) +
                    TimeOf(failover.promotion_time()));
}

// Returns whether these nodes alone can acknowledge writes, whichever of them leads.
bool IsSufficient(const proto::Scenario& scenario, const std::vector<std::string>& core) {
  const proto::SyncSetSpec& set = scenario.replication().sync_set();
  const auto all = static_cast<size_t>(scenario.cluster().replicas()) + 1;
  if (core.size() < 2) return false;  // needs a primary and a replica to promote
  // The healing kills every node, so none of them would be eligible.
  if (scenario.failover().unclean_restart() == proto::NOT_ELIGIBLE) return false;
  if (scenario.failover().has_suspect_after() && !CanElect(scenario, core)) return false;
  if (set.kind() == proto::SyncSetSpec::ALL) return core.size() == all;
  // Which nodes are in the set, and may lead, depends on the run.
  if (set.kind() == proto::SyncSetSpec::IN_SYNC) return core.size() == all;
  if (set.kind() == proto::SyncSetSpec::MAJORITY) return core.size() > all / 2;
  for (const std::string& leader : core) {
    const auto counts = [&](const std::string& id) {
      const bool named =
          set.ids().empty() || std::find(set.ids().begin(), set.ids().end(), id) != set.ids().end();
      return named && id != leader;
    };
    if (std::count_if(core.begin(), core.end(), counts) < static_cast<int64_t>(set.count())) {
      return false;
    }
  }
  return true;
}

// Draws a minimal core, sometimes with more nodes.
std::vector<std::string> DrawMembers(const proto::Scenario& scenario, Rng& rng) {
  std::vector<std::string> nodes = NodeIds(scenario);
  for (size_t i = nodes.size(); i > 1; --i) std::swap(nodes[i - 1], nodes[rng.Below(i)]);
  std::vector<std::string> core;
  for (const std::string& node : nodes) {
    if (IsSufficient(scenario, core) && !rng.Chance(0.3)) break;
    core.push_back(node);
  }
  return IsSufficient(scenario, core) ? core : std::vector<std::string>();
}

// Returns the number of appended faults.
int Heal(const std::vector<std::string>& core, Nanos begin, proto::Scenario* scenario) {
  const int before = scenario->faults_size();
  const auto add = [&](proto::Action action, const std::string& node, Nanos after) {
    proto::Fault* fault = scenario->add_faults();
    Set(begin + after, fault->mutable_when()->mutable_at());
    fault->set_do_(action);
    fault->set_node(node);
  };
  for (const std::string& node : VoterIds(*scenario)) add(proto::KILL, node, Nanos(0));
  for (const std::string& node : core) add(proto::RESTART, node, kDown);
  for (const std::string& witness : WitnessIds(*scenario)) add(proto::RESTART, witness, kDown);
  if (scenario->failover().has_suspect_after()) return scenario->faults_size() - before;
  add(proto::PROMOTE, "best", kPromote);
  for (const std::string& node : core) add(proto::KILL, node, kAgain);
  for (const std::string& node : core) add(proto::RESTART, node, kAgain + kDown);
  return scenario->faults_size() - before;
}

// Returns the mean time between writes; 0 for a closed loop, whose clients are fast enough.
Nanos BetweenWrites(const proto::Workload& load) {
  if (!load.arrival().has_rate()) return Millis(0);
  const double share = WriteShare(load.mix());
  return Nanos(std::llround(1e9 / (load.arrival().rate().per_second() * share)));
}

// Turns an open loop into a closed one of the same rate. In an open loop the arrivals of an outage
// wait behind each other. If the cluster is then hardly faster than the load, every write misses
// its deadline, and so does the next one, although each of them alone would succeed.
void CloseLoop(proto::Workload* load) {
  if (!load->arrival().has_rate()) return;
  const double rate = load->arrival().rate().per_second();
  const auto think = Nanos(std::llround(1e9 * load->clients() / rate));
  Set(think, load->mutable_arrival()->mutable_closed()->mutable_think());
  load->mutable_arrival()->clear_rate();
}

}  // namespace

int EndWithCore(Rng rng, proto::Scenario* scenario) {
  if (!CanBeAsked(*scenario)) return 0;
  proto::Scenario ending = *scenario;
  const std::vector<std::string> core = DrawMembers(ending, rng);
  if (core.empty()) return 0;
  const Nanos begin = TimeOf(ending.duration());
  EndFaultsBefore(begin, &ending);
  const int faults = Heal(core, begin, &ending);

  proto::Duration* timeout = ending.mutable_replication()->mutable_timeout();
  Set(std::max(TimeOf(*timeout), kPatienceMin), timeout);
  // A client whose write hangs continues after the deadline.
  const Nanos patience = TimeOf(ending.workload().deadline()) +
                         2 * TimeOf(ending.cluster().heartbeat().timeout()) + TimeOf(*timeout);
  const Nanos between = BetweenWrites(ending.workload());
  CloseLoop(ending.mutable_workload());
  // The clients may all think at the same time.
  const Nanos writes_again =
      Millis(1000) + kArrivals * between + TimeOf(ending.workload().arrival().closed().think());
  Set(begin + kAgain + kSettle + ElectionTime(ending.failover()) + patience + writes_again,
      ending.mutable_duration());
  proto::Condition* condition = ending.add_expect()->add_condition();
  condition->set_metric("unavailable_at_end_ms");
  condition->set_test(absl::StrCat("< ", writes_again / Millis(1), "ms"));
  if (!IsValidScenario(ending)) return 0;
  *scenario = std::move(ending);
  return faults;
}

}  // namespace replsim
