#include "simulator/explore/draw_elections.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/promise/scenario_facts.h"
#include "simulator/scenario/check.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

Nanos Multiply(double factor, Nanos time) {
  return Nanos(std::llround(factor * static_cast<double>(time.count())));
}

// Rounds to whole milliseconds, for readability.
void SetWhole(Nanos time, proto::Duration* duration) {
  duration->set_ns(std::max(Millis(1), time - time % Millis(1)).count());
}

class ElectionDraw {
 public:
  ElectionDraw(Rng rng, proto::Scenario* scenario, std::vector<std::string>* numbers)
      : rng_(rng), scenario_(scenario), numbers_(numbers) {}

  void Draw() {
    if (rng_.Chance(0.5)) DrawSilence();
    if (rng_.Chance(0.5)) DrawStandDelay();
    if (rng_.Chance(0.5)) DrawPreVote();
    if (rng_.Chance(0.5)) DrawLoseLead();
    if (rng_.Chance(0.2)) DrawNeverLeads();
    if (rng_.Chance(0.3)) DrawFindPrimary();
    if (rng_.Chance(0.2)) DrawDiskStall();
  }

 private:
  // Applies `change` if the scenario remains valid.
  void Try(std::string line, const std::function<void(proto::Scenario&)>& change) {
    proto::Scenario changed = *scenario_;
    change(changed);
    if (!IsValidScenario(changed)) return;
    *scenario_ = std::move(changed);
    numbers_->push_back(std::move(line));
  }

  Nanos silence() const { return Nanos(scenario_->failover().suspect_after().ns()); }
  // A shorter silence would be suspected although every message arrives.
  Nanos LeastSilence() const {
    return 3 * Nanos(scenario_->cluster().heartbeat().interval().ns()) +
           2 * LongestRoundTrip(*scenario_);
  }

  void DrawSilence() {
    proto::Duration drawn;
    SetWhole(std::max(LeastSilence(), Multiply(std::exp2(2 * rng_.Unit() - 1), silence())), &drawn);
    Try(absl::StrCat("suspect_after ", ToText(drawn)), [&](proto::Scenario& changed) {
      *changed.mutable_failover()->mutable_suspect_after() = drawn;
    });
  }

  // Two nodes that stand within a round trip of each other both lose, so the waits must differ by
  // more than that.
  void DrawStandDelay() {
    const Nanos spread = std::max(LongestRoundTrip(*scenario_), silence() / 4);
    proto::Delay delay;
    if (rng_.Chance(0.3)) {
      SetWhole(spread, delay.mutable_exponential()->mutable_mean());
    } else {
      const Nanos least = rng_.Chance(0.5) ? Nanos(0) : Multiply(rng_.Unit(), silence());
      delay.mutable_uniform()->mutable_min()->set_ns((least - least % Millis(1)).count());
      const double width = 1 + 3 * rng_.Unit();
      SetWhole(least + Multiply(width, spread), delay.mutable_uniform()->mutable_max());
    }
    const char* const shape = delay.has_uniform() ? "uniform" : "exponential";
    Try(absl::StrCat("stand_delay ", shape), [&](proto::Scenario& changed) {
      *changed.mutable_failover()->mutable_stand_delay() = delay;
    });
  }

  void DrawPreVote() {
    const bool pre_vote = rng_.Chance(0.5);
    Try(absl::StrCat("pre_vote ", pre_vote ? "true" : "false"),
        [&](proto::Scenario& changed) { changed.mutable_failover()->set_pre_vote(pre_vote); });
  }

  void DrawLoseLead() {
    if (rng_.Chance(0.3)) {
      return Try("lose_lead never", [](proto::Scenario& changed) {
        changed.mutable_failover()->clear_lose_lead();
        changed.mutable_failover()->clear_preset();  // it may imply lose_lead
      });
    }
    proto::LoseLead drawn;
    drawn.mutable_without()->set_kind(proto::SyncSetSpec::MAJORITY);
    SetWhole(std::max(LeastSilence(), Multiply(std::exp2(2 * rng_.Unit() - 1), silence())),
             drawn.mutable_for_());
    Try(absl::StrCat("lose_lead for ", ToText(drawn.for_())), [&](proto::Scenario& changed) {
      *changed.mutable_failover()->mutable_lose_lead() = drawn;
    });
  }

  // A node that never leads grants nobody whose log ends before its own, so the others must be
  // enough to elect one of them.
  void DrawNeverLeads() {
    const std::vector<std::string> replicas = ReplicaIds(*scenario_);
    const std::string& never = replicas[rng_.Below(replicas.size())];
    const uint32_t nodes = Electorate(*scenario_);
    const proto::Failover& failover = scenario_->failover();
    if (NodesNeeded(failover.granted_by(), nodes) >= nodes) return;
    if (!failover.never_leads().empty()) return;
    Try(absl::StrCat("never_leads ", never),
        [&](proto::Scenario& changed) { changed.mutable_failover()->add_never_leads(never); });
  }

  void DrawFindPrimary() {
    const proto::FindPrimary ways[] = {proto::TOLD, proto::ASK_NODES, proto::PROXY};
    const char* const names[] = {"told", "ask-nodes", "proxy"};
    const size_t way = rng_.Below(3);
    const auto checks = static_cast<uint32_t>(rng_.Below(3) + 1);
    Try(absl::StrCat("find_primary ", names[way]), [&](proto::Scenario& changed) {
      proto::Workload* load = changed.mutable_workload();
      load->set_find_primary(ways[way]);
      load->clear_proxy();
      if (ways[way] != proto::ASK_NODES) load->clear_ask_every();
      if (ways[way] == proto::ASK_NODES && !load->has_ask_every()) {
        SetWhole(Millis(50), load->mutable_ask_every());
      }
      if (ways[way] != proto::PROXY) return;
      SetWhole(Millis(50), load->mutable_proxy()->mutable_check_every());
      load->mutable_proxy()->set_rise(checks);
      load->mutable_proxy()->set_fall(checks);
    });
  }

  void DrawDiskStall() {
    proto::Duration drawn;
    SetWhole(Multiply(std::exp2(2 * rng_.Unit() - 2), silence()), &drawn);
    Try(absl::StrCat("disk_stall_after ", ToText(drawn)), [&](proto::Scenario& changed) {
      *changed.mutable_failover()->mutable_disk_stall_after() = drawn;
    });
  }

  Rng rng_;
  proto::Scenario* const scenario_;
  std::vector<std::string>* const numbers_;
};

}  // namespace

Nanos LongDraw(const proto::Delay& delay) {
  // Exponential draws exceed five means, and normal ones three deviations, in less than 1 %.
  Nanos longest(delay.uniform().max().ns());
  longest = std::max(longest, Nanos(5 * delay.exponential().mean().ns()));
  const proto::Delay::Normal& normal = delay.normal();
  longest = std::max(longest, Nanos(normal.mean().ns() + 3 * normal.deviation().ns()));
  if (delay.has_pareto()) {
    const double tail = std::pow(100, 1 / std::max(0.5, delay.pareto().shape()));
    longest = std::max(longest, Multiply(tail, Nanos(delay.pareto().min().ns())));
  }
  for (const proto::Delay::Quantile& quantile : delay.quantiles()) {
    longest = std::max(longest, Nanos(quantile.is().ns()));
  }
  for (const proto::Delay& part : delay.mixture()) longest = std::max(longest, LongDraw(part));
  return longest + Nanos(delay.plus().ns());
}

Nanos LongestRoundTrip(const proto::Scenario& scenario) {
  Nanos longest = LongDraw(scenario.machine().hop());
  for (const proto::Link& link : scenario.network()) {
    longest = std::max(longest, LongDraw(link.delay()) + Nanos(link.jitter().ns()));
  }
  return 2 * longest;
}

void DrawElections(Rng rng, proto::Scenario* scenario, std::vector<std::string>* numbers) {
  if (!scenario->failover().has_suspect_after()) return;
  ElectionDraw(rng, scenario, numbers).Draw();
}

void DrawClocks(Rng rng, proto::Scenario* scenario, std::vector<std::string>* numbers) {
  constexpr double kDriftMax = 0.05;
  if (!scenario->failover().has_suspect_after() || !rng.Chance(0.3)) return;
  std::vector<std::string> nodes = NodeIds(*scenario);
  for (uint64_t left = 1 + rng.Below(2); left > 0 && !nodes.empty(); --left) {
    const auto drawn = nodes.begin() + static_cast<int64_t>(rng.Below(nodes.size()));
    const double drift = std::round(1e3 * kDriftMax * (2 * rng.Unit() - 1)) / 1e3;
    const auto has = [&](const proto::Clock& clock) { return clock.node() == *drawn; };
    const auto& clocks = scenario->machine().clocks();
    if (drift != 0 && std::none_of(clocks.begin(), clocks.end(), has)) {
      proto::Clock* clock = scenario->mutable_machine()->add_clocks();
      clock->set_node(*drawn);
      clock->set_drift(drift);
      numbers->push_back(absl::StrCat("the clock of ", *drawn, " drifts by ", ToText(drift)));
    }
    nodes.erase(drawn);
  }
}

}  // namespace replsim
