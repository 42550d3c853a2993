#include "simulator/explore/draw_faults.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "common/base/time.h"
#include "common/protocol/failpoint_names.h"
#include "simulator/scenario/check.h"

namespace replsim {
namespace {

constexpr FaultKind kAllKinds[] = {
    FaultKind::kKill,
    FaultKind::kKillAtPoint,
    FaultKind::kRestart,
    FaultKind::kPause,
    FaultKind::kPromoteBest,
    FaultKind::kPromoteNamed,
    FaultKind::kPartition,
    FaultKind::kPartitionOneWay,
    FaultKind::kSetLink,
    FaultKind::kSlowApply,
    FaultKind::kReset,
    FaultKind::kFlap,
    FaultKind::kSlowNode,
    FaultKind::kClockSkew,
    FaultKind::kPowerLoss,
    FaultKind::kPowerLossAtPoint,
    FaultKind::kSlowDisk,
    FaultKind::kFsyncError,
    FaultKind::kDiskFull,
    FaultKind::kHostLoss,
    FaultKind::kHostLossAtPoint,
};

FaultKind KindOf(const proto::Fault& fault) {
  switch (fault.do_()) {
    case proto::RESTART:
      return FaultKind::kRestart;
    case proto::PAUSE:
    case proto::RESUME:
      return FaultKind::kPause;
    case proto::PROMOTE:
      return fault.node() == "best" ? FaultKind::kPromoteBest : FaultKind::kPromoteNamed;
    case proto::PARTITION:
    case proto::HEAL:
      if (!fault.node().empty()) return FaultKind::kDiskFull;
      return fault.one_way() ? FaultKind::kPartitionOneWay : FaultKind::kPartition;
    case proto::SET_LINK:
      return FaultKind::kSetLink;
    case proto::SLOW_APPLY:
      return FaultKind::kSlowApply;
    case proto::POWER_LOSS:
      return fault.when().point().empty() ? FaultKind::kPowerLoss : FaultKind::kPowerLossAtPoint;
    case proto::HOST_LOSS:
      return fault.when().point().empty() ? FaultKind::kHostLoss : FaultKind::kHostLossAtPoint;
    case proto::SLOW_DISK:
      return FaultKind::kSlowDisk;
    case proto::FSYNC_ERROR:
      return FaultKind::kFsyncError;
    case proto::DISK_FULL:
      return FaultKind::kDiskFull;
    case proto::RESET:
      return FaultKind::kReset;
    case proto::FLAP:
      return FaultKind::kFlap;
    case proto::SLOW_NODE:
      return FaultKind::kSlowNode;
    case proto::CLOCK_SKEW:
      return FaultKind::kClockSkew;
    default:
      return fault.when().point().empty() ? FaultKind::kKill : FaultKind::kKillAtPoint;
  }
}

bool NeedsReplicas(FaultKind kind) {
  return kind == FaultKind::kPromoteBest || kind == FaultKind::kPromoteNamed ||
         kind == FaultKind::kSlowApply;
}

// Every order of magnitude as likely as the next. 1 <= low <= high.
uint64_t LogUniform(Rng& rng, uint64_t low, uint64_t high) {
  const double span = std::log(static_cast<double>(high + 1) / static_cast<double>(low));
  const double drawn = static_cast<double>(low) * std::exp(rng.Unit() * span);
  return std::clamp(static_cast<uint64_t>(drawn), low, high);
}

// No two draws in the arguments of one call: their order would be the compiler's.
class Storyteller {
 public:
  Storyteller(const proto::Scenario& scenario, const std::vector<FaultKind>& kinds, bool careful,
              Rng& rng)
      : scenario_(scenario),
        kinds_(kinds),
        careful_(careful),
        rng_(rng),
        nodes_(NodeIds(scenario)),
        replicas_(ReplicaIds(scenario)) {}

  void Tell() {
    switch (kinds_[rng_.Below(kinds_.size())]) {
      case FaultKind::kKill:
        return TellKill(proto::KILL, false);
      case FaultKind::kKillAtPoint:
        return TellKill(proto::KILL, true);
      case FaultKind::kPowerLoss:
        return TellKill(proto::POWER_LOSS, false);
      case FaultKind::kPowerLossAtPoint:
        return TellKill(proto::POWER_LOSS, true);
      case FaultKind::kHostLoss:
        return TellKill(proto::HOST_LOSS, false);
      case FaultKind::kHostLossAtPoint:
        return TellKill(proto::HOST_LOSS, true);
      case FaultKind::kSlowDisk:
        return TellSlowDisk();
      case FaultKind::kFsyncError:
        return TellFsyncError();
      case FaultKind::kDiskFull:
        return TellDiskFull();
      case FaultKind::kRestart:
        return TellRestart();
      case FaultKind::kPause:
        return TellPause();
      case FaultKind::kPromoteBest:
      case FaultKind::kPromoteNamed:
        return TellPromote();
      case FaultKind::kPartition:
        return TellCut(false);
      case FaultKind::kPartitionOneWay:
        return TellCut(true);
      case FaultKind::kSetLink:
        return TellSetLink();
      case FaultKind::kSlowApply:
        return TellSlowApply();
      case FaultKind::kReset:
        return TellReset();
      case FaultKind::kFlap:
        return TellFlap();
      case FaultKind::kSlowNode:
        return TellSlowNode();
      case FaultKind::kClockSkew:
        return TellClockSkew();
    }
  }

  google::protobuf::RepeatedPtrField<proto::Fault> TakeFaults() { return std::move(faults_); }

 private:
  bool Has(FaultKind kind) const {
    return std::find(kinds_.begin(), kinds_.end(), kind) != kinds_.end();
  }
  bool CanPromote() const {
    if (careful_ && promoted_) return false;
    return Has(FaultKind::kPromoteBest) || Has(FaultKind::kPromoteNamed);
  }
  const std::string& Pick(const std::vector<std::string>& from) {
    return from[rng_.Below(from.size())];
  }

  // --- when ---

  Nanos Duration() const { return Nanos(scenario_.duration().ns()); }
  // To the millisecond where there is one, so that a person can read it.
  static Nanos Rounded(Nanos time) { return time < Millis(1) ? time : time - time % Millis(1); }

  static Nanos Times(double factor, Nanos time) {
    return Nanos(static_cast<int64_t>(factor * static_cast<double>(time.count())));
  }

  // Misfortunes come together: now and then soon after one that was told before.
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
  // Of any length up to a third of the run; often about as long as the cluster's own patience, for
  // there it changes its ways.
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
  // The n-th write of the load, early ones more often. What a closed load comes to is not known:
  // a client is taken to write a hundred times a second.
  uint64_t SomeWrite() {
    const proto::Workload& load = scenario_.workload();
    const double rate =
        load.arrival().has_rate() ? load.arrival().rate().per_second() : 100.0 * load.clients();
    const double share = load.mix().write() / (load.mix().write() + load.mix().read());
    const double seconds = static_cast<double>(Duration().count()) / 1e9;
    const double most = std::clamp(0.8 * rate * share * seconds, 1.0, 1e9);
    return LogUniform(rng_, 1, static_cast<uint64_t>(most));
  }

  // --- what ---

  proto::Fault& Add(proto::Action action, absl::string_view node, proto::When when) {
    proto::Fault& fault = *faults_.Add();
    *fault.mutable_when() = std::move(when);
    fault.set_do_(action);
    fault.set_node(std::string(node));
    return fault;
  }

  void Promote(proto::When when) {
    const bool named =
        Has(FaultKind::kPromoteNamed) && (!Has(FaultKind::kPromoteBest) || rng_.Chance(0.15));
    promoted_ = true;
    Add(proto::PROMOTE, named ? Pick(replicas_) : "best", std::move(when));
  }

  // `how`: kill, host-loss or power-loss.
  void AddKill(proto::Action how, absl::string_view victim, proto::When when) {
    proto::Fault& fault = Add(how, victim, std::move(when));
    if (how == proto::POWER_LOSS) fault.set_torn(rng_.Chance(0.5));
  }

  void TellKill(proto::Action how, bool at_point) {
    if (replicas_.empty() || rng_.Chance(0.65)) return TellKillPrimary(how, at_point);
    const std::string victim = Pick(replicas_);
    AddKill(how, victim, at_point ? AtSomePoint(true) : AtSomeTime());
    if (Has(FaultKind::kRestart) && rng_.Chance(0.7)) Add(proto::RESTART, victim, Later());
  }

  // Perhaps with a failover, and one back.
  void TellKillPrimary(proto::Action how, bool at_point) {
    const bool fails_over = CanPromote() && rng_.Chance(0.8);
    AddKill(how, "primary", at_point ? AtSomePoint(false) : AtSomeTime());
    if (fails_over) Promote(Later());
    if (!Has(FaultKind::kRestart) || !rng_.Chance(0.7)) return;
    if (careful_ && promoted_ && !fails_over) return;  // it may be another's failover
    Add(proto::RESTART, "p", Later());
    if (!fails_over || !Has(FaultKind::kKill) || !rng_.Chance(0.4)) return;
    AddKill(how, "primary", Later());
    Promote(Later());
  }

  void TellPromote() {
    const bool kills = Has(FaultKind::kKill) || Has(FaultKind::kKillAtPoint);
    if (!careful_ || !kills) return Promote(AtSomeTime());
    if (CanPromote()) TellKillPrimary(proto::KILL, !Has(FaultKind::kKill));
  }

  void TellRestart() {
    const std::string victim = Pick(careful_ && !replicas_.empty() ? replicas_ : nodes_);
    Add(proto::KILL, victim, AtSomeTime());
    proto::When at_once;
    at_once.mutable_after_previous()->set_ns(0);
    Add(proto::RESTART, victim, at_once);
  }

  void TellPause() {
    const std::string victim = Pick(nodes_);
    Add(proto::PAUSE, victim, AtSomeTime());
    if (victim == "p" && !careful_ && CanPromote() && rng_.Chance(0.5)) Promote(Later());
    if (rng_.Chance(0.8)) Add(proto::RESUME, victim, Later());
  }

  // Between two ends; now and then one node against all others.
  std::pair<std::vector<std::string>, std::vector<std::string>> SomeEnds() {
    const std::string one = Pick(nodes_);
    std::vector<std::string> others = nodes_;
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
    if (Has(FaultKind::kRestart) && rng_.Chance(0.7)) Add(proto::RESTART, victim, Later());
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

  // Once, or a few times while there is load.
  void TellReset() {
    const auto ends = SomeEnds();
    proto::Fault& fault = AddLink(proto::RESET, ends, AtSomeTime());
    if (rng_.Chance(0.5)) fault.mutable_every()->set_ns(SomeStretch().count());
  }

  // Down for less than the cluster's patience, or for more; now and then in one direction alone.
  void TellFlap() {
    const auto ends = SomeEnds();
    proto::Fault& fault = AddLink(proto::FLAP, ends, AtSomeTime());
    fault.set_one_way(rng_.Chance(0.3));
    fault.mutable_period()->set_ns(SomeStretch().count());
    fault.set_share(rng_.Chance(0.5) ? 0.5 : 0.8);
    if (rng_.Chance(0.8)) fault.mutable_for_()->set_ns(SomeStretch().count());
  }

  void TellSlowNode() {
    const std::string victim = Pick(nodes_);
    proto::Fault& fault = Add(proto::SLOW_NODE, victim, AtSomeTime());
    fault.set_share(rng_.Chance(0.5) ? 0.2 : 0.05);
    if (rng_.Chance(0.8)) fault.mutable_for_()->set_ns(SomeStretch().count());
  }

  void TellClockSkew() {
    const std::string victim = Pick(nodes_);
    proto::Fault& fault = Add(proto::CLOCK_SKEW, victim, AtSomeTime());
    fault.mutable_offset()->set_ns(SomeStretch().count());
    fault.set_drift(rng_.Chance(0.5) ? 0.01 : -0.01);
  }

  Nanos SomeStretch() { return std::max(Millis(2), Rounded(AWhile())); }

  const proto::Scenario& scenario_;
  const std::vector<FaultKind>& kinds_;
  const bool careful_;
  bool promoted_ = false;
  std::vector<Nanos> times_;  // of stories told so far
  Rng& rng_;
  const std::vector<std::string> nodes_;
  const std::vector<std::string> replicas_;
  google::protobuf::RepeatedPtrField<proto::Fault> faults_;
};

}  // namespace

std::vector<FaultKind> AllowedKinds(const proto::Scenario& scenario) {
  const auto own = [&](FaultKind kind) {
    return std::any_of(scenario.faults().begin(), scenario.faults().end(),
                       [&](const proto::Fault& fault) { return KindOf(fault) == kind; });
  };
  std::vector<FaultKind> allowed;
  for (const FaultKind kind : kAllKinds) {
    if (scenario.cluster().replicas() == 0 && NeedsReplicas(kind)) continue;
    if (scenario.faults().empty() || own(kind)) allowed.push_back(kind);
  }
  return allowed;
}

std::vector<FaultKind> DrawKinds(const std::vector<FaultKind>& allowed, Rng& rng) {
  if (rng.Chance(0.25)) return allowed;
  std::vector<FaultKind> kinds;
  for (const FaultKind kind : allowed) {
    if (rng.Chance(0.5)) kinds.push_back(kind);
  }
  if (kinds.empty() && !allowed.empty()) kinds.push_back(allowed[rng.Below(allowed.size())]);
  return kinds;
}

google::protobuf::RepeatedPtrField<proto::Fault> DrawFaults(const proto::Scenario& scenario,
                                                            const std::vector<FaultKind>& kinds,
                                                            bool careful, Rng& rng) {
  if (kinds.empty()) return {};
  Storyteller teller(scenario, kinds, careful, rng);
  const uint64_t stories = 1 + rng.Below(6);
  for (uint64_t i = 0; i < stories; ++i) teller.Tell();
  return teller.TakeFaults();
}

}  // namespace replsim
