#include "simulator/explore/draw_faults.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "common/base/time.h"
#include "common/protocol/failpoint_names.h"
#include "simulator/scenario/check.h"
#include "simulator/scenario/write_share.h"

namespace replsim {
namespace {

// A fault that undoes another one is drawn as a part of that one's story.
DrawnKind KindOf(const proto::Fault& fault) {
  switch (fault.do_()) {
    case proto::RESUME:
      return {proto::PAUSE};
    case proto::HEAL:
      if (!fault.node().empty()) return {proto::DISK_FULL};
      return {proto::PARTITION, fault.one_way() ? Flavor::kOneWay : Flavor::kPlain};
    case proto::PARTITION:
      return {proto::PARTITION, fault.one_way() ? Flavor::kOneWay : Flavor::kPlain};
    case proto::PROMOTE:
      return {proto::PROMOTE, fault.node() == "best" ? Flavor::kBest : Flavor::kNamed};
    case proto::PAUSE:
      return {proto::PAUSE};
    default:
      return {fault.do_(), fault.when().point().empty() ? Flavor::kPlain : Flavor::kAtPoint};
  }
}

// Draws log-uniformly: every order of magnitude is equally likely. 1 <= low <= high.
uint64_t LogUniform(Rng& rng, uint64_t low, uint64_t high) {
  const double span = std::log(static_cast<double>(high + 1) / static_cast<double>(low));
  const double drawn = static_cast<double>(low) * std::exp(rng.Unit() * span);
  return std::clamp(static_cast<uint64_t>(drawn), low, high);
}

std::vector<std::string> ReplicasThatMayLead(const proto::Scenario& scenario) {
  std::vector<std::string> replicas = ReplicaIds(scenario);
  for (const std::string& never : scenario.failover().never_leads()) std::erase(replicas, never);
  return replicas;
}

// At most one draw per call's arguments: the order of several would depend on the compiler.
class FaultStoryDrawer {
 public:
  FaultStoryDrawer(const proto::Scenario& scenario, const std::vector<DrawnKind>& kinds,
                   bool careful, Rng& rng)
      : scenario_(scenario),
        kinds_(kinds),
        careful_(careful),
        elects_(scenario.failover().has_suspect_after()),
        rng_(rng),
        nodes_(NodeIds(scenario)),
        voters_(VoterIds(scenario)),
        replicas_(ReplicaIds(scenario)),
        may_lead_(ReplicasThatMayLead(scenario)) {}

  void Tell() {
    const DrawnKind kind = kinds_[rng_.Below(kinds_.size())];
    switch (kind.action) {
      case proto::KILL:
      case proto::POWER_LOSS:
      case proto::HOST_LOSS:
        return TellKill(kind.action, kind.flavor == Flavor::kAtPoint);
      case proto::SLOW_DISK:
        return TellSlowDisk();
      case proto::FSYNC_ERROR:
        return TellFsyncError();
      case proto::DISK_FULL:
        return TellDiskFull();
      case proto::RESTART:
        return TellRestart();
      case proto::PAUSE:
        return TellPause();
      case proto::PROMOTE:
        return TellPromote();
      case proto::DEMOTE:
        Add(proto::DEMOTE, "primary", AtSomeTime());
        return;
      case proto::PARTITION:
        return TellCut(kind.flavor == Flavor::kOneWay);
      case proto::SET_LINK:
        return TellSetLink();
      case proto::SLOW_APPLY:
        return TellSlowApply();
      case proto::RESET:
        return TellReset();
      case proto::FLAP:
        return TellFlap();
      default:
        return TellPlain(replsim::KindOf(kind.action));
    }
  }

  google::protobuf::RepeatedPtrField<proto::Fault> TakeFaults() { return std::move(faults_); }

 private:
  bool Has(proto::Action action, Flavor flavor = Flavor::kPlain) const {
    return std::find(kinds_.begin(), kinds_.end(), DrawnKind{action, flavor}) != kinds_.end();
  }
  bool CanPromote() const {
    if (careful_ && promoted_) return false;
    if (may_lead_.empty()) return false;
    return Has(proto::PROMOTE, Flavor::kBest) || Has(proto::PROMOTE, Flavor::kNamed);
  }
  const std::string& Pick(const std::vector<std::string>& from) {
    return from[rng_.Below(from.size())];
  }

  // --- times ---

  Nanos Duration() const { return Nanos(scenario_.duration().ns()); }
  // Rounds times from 1 ms on down to milliseconds, for readability.
  static Nanos Rounded(Nanos time) { return time < Millis(1) ? time : time - time % Millis(1); }

  static Nanos Times(double factor, Nanos time) {
    return Nanos(static_cast<int64_t>(factor * static_cast<double>(time.count())));
  }

  // Faults often come together: sometimes a story starts soon after an earlier one.
  proto::When AtSomeTime() {
    proto::When when;
    if (rng_.Chance(0.2)) {
      when.set_committed(SomeWrite());
      return when;
    }
    Nanos at = Times(0.05 + 0.75 * rng_.Unit(), Duration());
    if (!times_.empty() && rng_.Chance(0.4)) {
      at = times_[rng_.Below(times_.size())];
      at = std::min(at + AWhile(), Times(0.95, Duration()));
    }
    times_.push_back(at);
    when.mutable_at()->set_ns(Rounded(at).count());
    return when;
  }
  proto::When Later() {
    proto::When when;
    when.mutable_after_previous()->set_ns(AWhile().count());
    return when;
  }
  // Any length up to a third of the run. Often close to the cluster's own timeouts, where its
  // behaviour changes.
  Nanos AWhile() {
    if (rng_.Chance(0.15)) return Nanos(0);
    const Nanos longest = std::max(Millis(1), Rounded(Duration() / 3));
    if (rng_.Chance(0.3)) {
      const Nanos patience = Nanos(rng_.Chance(0.5) ? scenario_.cluster().heartbeat().timeout().ns()
                                                    : scenario_.replication().timeout().ns());
      return std::min(longest, Rounded(Times(std::exp2(2 * rng_.Unit() - 1), patience)));
    }
    return Millis(
        static_cast<int64_t>(LogUniform(rng_, 1, static_cast<uint64_t>(longest / Millis(1)))));
  }
  proto::When AtSomePoint(bool of_replica) {
    std::vector<Point> points;
    for (const Point point : kAllPoints) {
      if (IsReplicaPoint(point) == of_replica) points.push_back(point);
    }
    proto::When when;
    when.set_point(ToString(FailpointName{rng_.Chance(0.5), points[rng_.Below(points.size())]}));
    when.set_hit(SomeWrite());
    return when;
  }
  // The n-th write of the load; small n are more likely. The rate of a closed loop is not known, so
  // a client is assumed to write a hundred times per second.
  uint64_t SomeWrite() {
    const proto::Workload& load = scenario_.workload();
    const double rate =
        load.arrival().has_rate() ? load.arrival().rate().per_second() : 100.0 * load.clients();
    const double share = WriteShare(load.mix());
    const double seconds = static_cast<double>(Duration().count()) / 1e9;
    const double most = std::clamp(0.8 * rate * share * seconds, 1.0, 1e9);
    return LogUniform(rng_, 1, static_cast<uint64_t>(most));
  }

  // --- faults ---

  proto::Fault& Add(proto::Action action, absl::string_view node, proto::When when) {
    proto::Fault& fault = *faults_.Add();
    *fault.mutable_when() = std::move(when);
    fault.set_do_(action);
    fault.set_node(std::string(node));
    return fault;
  }

  void Promote(proto::When when) {
    const bool named = Has(proto::PROMOTE, Flavor::kNamed) &&
                       (!Has(proto::PROMOTE, Flavor::kBest) || rng_.Chance(0.15));
    promoted_ = true;
    Add(proto::PROMOTE, named ? Pick(may_lead_) : "best", std::move(when));
  }

  // `how` is kill, host-loss or power-loss.
  void AddKill(proto::Action how, absl::string_view victim, proto::When when) {
    proto::Fault& fault = Add(how, victim, std::move(when));
    if (how == proto::POWER_LOSS) fault.set_torn(rng_.Chance(0.5));
  }

  void TellKill(proto::Action how, bool at_point) {
    if (replicas_.empty() || rng_.Chance(0.65)) return TellKillPrimary(how, at_point);
    const std::string victim = Pick(replicas_);
    AddKill(how, victim, at_point ? AtSomePoint(true) : AtSomeTime());
    if (Has(proto::RESTART) && rng_.Chance(0.7)) Add(proto::RESTART, victim, Later());
  }

  // Sometimes with a failover, and one back.
  void TellKillPrimary(proto::Action how, bool at_point) {
    if (elects_) return TellKillElected(how, at_point);
    const bool fails_over = CanPromote() && rng_.Chance(0.8);
    AddKill(how, "primary", at_point ? AtSomePoint(false) : AtSomeTime());
    if (fails_over) Promote(Later());
    if (!Has(proto::RESTART) || !rng_.Chance(0.7)) return;
    if (careful_ && promoted_ && !fails_over) return;  // another story may fail over
    Add(proto::RESTART, "p", Later());
    if (!fails_over || !Has(proto::KILL) || !rng_.Chance(0.4)) return;
    AddKill(how, "primary", Later());
    Promote(Later());
  }

  // The nodes elect another primary, which may be any of them. Seldom an operator intervenes.
  void TellKillElected(proto::Action how, bool at_point) {
    AddKill(how, "primary", at_point ? AtSomePoint(false) : AtSomeTime());
    if (Has(proto::RESTART) && rng_.Chance(0.8)) {
      faults_[faults_.size() - 1].mutable_for_()->set_ns(SomeStretch().count());
    }
    if (CanPromote() && rng_.Chance(0.1)) Promote(Later());
  }

  void TellPromote() {
    if (elects_ && rng_.Chance(0.7)) return TellKillElected(proto::KILL, false);
    const bool kills = Has(proto::KILL) || Has(proto::KILL, Flavor::kAtPoint);
    if (!careful_ || !kills) return Promote(AtSomeTime());
    if (CanPromote()) TellKillPrimary(proto::KILL, !Has(proto::KILL));
  }

  void TellRestart() {
    const std::string victim = Pick(careful_ && !replicas_.empty() ? replicas_ : voters_);
    Add(proto::KILL, victim, AtSomeTime());
    proto::When at_once;
    at_once.mutable_after_previous()->set_ns(0);
    Add(proto::RESTART, victim, at_once);
  }

  void TellPause() {
    const std::string victim = elects_ && rng_.Chance(0.5) ? "primary" : Pick(voters_);
    Add(proto::PAUSE, victim, AtSomeTime());
    if (victim == "primary") {
      faults_[faults_.size() - 1].mutable_for_()->set_ns(SomeStretch().count());
      return;
    }
    if (victim == "p" && !careful_ && CanPromote() && rng_.Chance(0.5)) Promote(Later());
    if (rng_.Chance(0.8)) Add(proto::RESUME, victim, Later());
  }

  // Between two ends, or sometimes between one node and all others.
  std::pair<std::vector<std::string>, std::vector<std::string>> SomeEnds() {
    const std::string one = Pick(voters_);
    std::vector<std::string> others = voters_;
    std::erase(others, one);
    if (others.empty() || rng_.Chance(0.1)) others = ClientEnds(scenario_.cluster());
    if (rng_.Chance(0.7)) others = {Pick(others)};
    if (rng_.Chance(0.5)) return {others, {one}};
    return {{one}, others};
  }
  proto::Fault& AddLink(proto::Action action, const auto& ends, proto::When when) {
    proto::Fault& fault = Add(action, "", std::move(when));
    fault.mutable_from()->Assign(ends.first.begin(), ends.first.end());
    fault.mutable_to()->Assign(ends.second.begin(), ends.second.end());
    return fault;
  }

  void TellCut(bool one_way) {
    const auto ends = SomeEnds();
    AddLink(proto::PARTITION, ends, AtSomeTime()).set_one_way(one_way);
    if (rng_.Chance(0.8)) AddLink(proto::HEAL, ends, Later()).set_one_way(one_way);
  }

  void TellSetLink() {
    const auto delay = Micros(static_cast<int64_t>(LogUniform(rng_, 1'000, 1'000'000)));
    const auto ends = SomeEnds();
    proto::Fault& fault = AddLink(proto::SET_LINK, ends, AtSomeTime());
    fault.mutable_delay()->mutable_plus()->set_ns(Rounded(delay).count());
    const Nanos jitter = rng_.Chance(0.5) ? Rounded(delay / 2) : Nanos(0);
    fault.mutable_jitter()->set_ns(jitter.count());
  }

  void TellSlowDisk() {
    const std::string victim = Pick(nodes_);
    proto::Fault& fault = Add(proto::SLOW_DISK, victim, AtSomeTime());
    if (rng_.Chance(0.5)) {
      const auto slow = Micros(static_cast<int64_t>(LogUniform(rng_, 500, 200'000)));
      fault.mutable_delay()->mutable_plus()->set_ns(slow.count());
    } else {
      fault.mutable_stall()->set_ns(AWhile().count());
    }
    if (rng_.Chance(0.7)) Add(proto::HEAL, victim, Later());
  }

  void TellFsyncError() {
    const std::string victim = Pick(careful_ && !replicas_.empty() ? replicas_ : nodes_);
    Add(proto::FSYNC_ERROR, victim, AtSomeTime()).set_flushes(1);
    if (Has(proto::RESTART) && rng_.Chance(0.7)) Add(proto::RESTART, victim, Later());
  }

  void TellDiskFull() {
    const std::string victim = Pick(nodes_);
    Add(proto::DISK_FULL, victim, AtSomeTime()).mutable_bytes()->set_bytes(rng_.Below(100'000));
    if (rng_.Chance(0.8)) Add(proto::HEAL, victim, Later());
  }

  void TellSlowApply() {
    const std::string victim = Pick(replicas_);
    const auto slow = Micros(static_cast<int64_t>(LogUniform(rng_, 100, 20'000)));
    Add(proto::SLOW_APPLY, victim, AtSomeTime()).mutable_apply_delay()->set_ns(slow.count());
    if (rng_.Chance(0.7)) {
      Add(proto::SLOW_APPLY, victim, Later()).mutable_apply_delay()->set_ns(0);
    }
  }

  // Once, or a few times during the load.
  void TellReset() {
    const auto ends = SomeEnds();
    proto::Fault& fault = AddLink(proto::RESET, ends, AtSomeTime());
    if (rng_.Chance(0.5)) fault.mutable_every()->set_ns(SomeStretch().count());
  }

  // Down for less than the cluster's timeouts, or for more; sometimes in one direction only.
  void TellFlap() {
    const auto ends = SomeEnds();
    proto::Fault& fault = AddLink(proto::FLAP, ends, AtSomeTime());
    fault.set_one_way(rng_.Chance(0.3));
    fault.mutable_period()->set_ns(SomeStretch().count());
    fault.set_share(rng_.Chance(0.5) ? 0.5 : 0.8);
    if (rng_.Chance(0.8)) fault.mutable_for_()->set_ns(SomeStretch().count());
  }

  // For a kind without a story of its own: the fault happens, and usually ends.
  void TellPlain(const FaultKind& kind) {
    const size_t first = static_cast<size_t>(faults_.size());
    if (kind.target == FaultKind::Target::kLinks) {
      const auto ends = SomeEnds();
      AddLink(kind.action, ends, AtSomeTime());
    } else {
      const bool of_replica = kind.target == FaultKind::Target::kReplica;
      const auto& others = kind.hits_witness ? voters_ : nodes_;
      Add(kind.action, Pick(of_replica ? replicas_ : others), AtSomeTime());
    }
    proto::Fault& fault = faults_[static_cast<int>(first)];
    if (kind.draw != nullptr) kind.draw(rng_, &fault);
    const bool lasts = kind.undone_by != proto::ACTION_UNSPECIFIED;
    if (lasts && rng_.Chance(0.8)) fault.mutable_for_()->set_ns(SomeStretch().count());
  }

  Nanos SomeStretch() { return std::max(Millis(2), Rounded(AWhile())); }

  const proto::Scenario& scenario_;
  const std::vector<DrawnKind>& kinds_;
  const bool careful_;
  const bool elects_;
  bool promoted_ = false;
  std::vector<Nanos> times_;  // start times of earlier stories
  Rng& rng_;
  const std::vector<std::string> nodes_;
  const std::vector<std::string> voters_;  // the nodes and the witnesses
  const std::vector<std::string> replicas_;
  const std::vector<std::string> may_lead_;
  google::protobuf::RepeatedPtrField<proto::Fault> faults_;
};

}  // namespace

std::string Name(const DrawnKind& kind) {
  const std::string word = NameOf(kind.action);
  switch (kind.flavor) {
    case Flavor::kAtPoint:
      return word + "-at-point";
    case Flavor::kOneWay:
      return word + "-one-way";
    case Flavor::kBest:
      return word + "-best";
    case Flavor::kNamed:
      return word + "-named";
    case Flavor::kPlain:
      return word;
  }
  return word;
}

std::vector<DrawnKind> AllowedKinds(const proto::Scenario& scenario) {
  constexpr Flavor kFlavors[] = {Flavor::kPlain, Flavor::kAtPoint, Flavor::kOneWay, Flavor::kBest,
                                 Flavor::kNamed};
  const auto own = [&](const DrawnKind& kind) {
    return std::any_of(scenario.faults().begin(), scenario.faults().end(),
                       [&](const proto::Fault& fault) { return KindOf(fault) == kind; });
  };
  std::vector<DrawnKind> allowed;
  for (const FaultKind& kind : AllFaultKinds()) {
    const bool of_replica = kind.target == FaultKind::Target::kReplica;
    if (of_replica && scenario.cluster().replicas() == 0) continue;
    if (kind.of_elections && !scenario.failover().has_suspect_after()) continue;
    for (const Flavor flavor : kFlavors) {
      if ((kind.draws & static_cast<uint8_t>(flavor)) == 0) continue;
      const DrawnKind drawn{kind.action, flavor};
      if (scenario.faults().empty() || own(drawn)) allowed.push_back(drawn);
    }
  }
  return allowed;
}

std::vector<DrawnKind> DrawKinds(const std::vector<DrawnKind>& allowed, Rng& rng) {
  if (rng.Chance(0.25)) return allowed;
  std::vector<DrawnKind> kinds;
  for (const DrawnKind& kind : allowed) {
    if (rng.Chance(0.5)) kinds.push_back(kind);
  }
  if (kinds.empty() && !allowed.empty()) kinds.push_back(allowed[rng.Below(allowed.size())]);
  return kinds;
}

google::protobuf::RepeatedPtrField<proto::Fault> DrawFaults(const proto::Scenario& scenario,
                                                            const std::vector<DrawnKind>& kinds,
                                                            bool careful, Rng& rng) {
  if (kinds.empty()) return {};
  FaultStoryDrawer teller(scenario, kinds, careful, rng);
  const uint64_t stories = 1 + rng.Below(6);
  for (uint64_t i = 0; i < stories; ++i) teller.Tell();
  return teller.TakeFaults();
}

}  // namespace replsim
