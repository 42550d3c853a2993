#include "simulator/explore/draw_storm.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/time.h"
#include "common/protocol/failpoint_names.h"
#include "simulator/scenario/check.h"
#include "simulator/scenario/enum_words.h"
#include "simulator/scenario/links.h"

namespace replsim {
namespace {

// Applies `change` if the scenario remains valid; returns whether it does.
bool Try(proto::Scenario* scenario, const std::function<void(proto::Scenario&)>& change) {
  proto::Scenario changed = *scenario;
  change(changed);
  if (!IsValidScenario(changed)) return false;
  *scenario = std::move(changed);
  return true;
}

template <class Enum>
Enum Pick(Rng& rng, std::initializer_list<Enum> from) {
  return *(from.begin() + rng.Below(from.size()));
}

class Storm {
 public:
  Storm(const proto::Scenario& scenario, Rng& rng)
      : scenario_(scenario),
        rng_(rng),
        elects_(scenario.failover().has_suspect_after()),
        nodes_(NodeIds(scenario)),
        voters_(VoterIds(scenario)),
        replicas_(ReplicaIds(scenario)) {}

  std::vector<proto::Fault> Tell() {
    faults_.clear();
    if (elects_ && rng_.Chance(0.4)) {
      OneLeaderAfterAnother();
    } else {
      TellAny();
    }
    if (elects_) LeaveToElections();
    return std::move(faults_);
  }

 private:
  static constexpr auto kDeaths = {proto::KILL, proto::POWER_LOSS, proto::HOST_LOSS};

  void TellAny() {
    switch (rng_.Below(9)) {
      case 0:
        TwoAtOnce();
        break;
      case 1:
        StartsThatCross();
        break;
      case 2:
        PromotionsThatCross();
        break;
      case 3:
        AllNodes();
        break;
      case 4:
        RepeatedFault();
        break;
      case 5:
        StandsAtAPoint();
        break;
      case 6:
        BitFlip();
        break;
      case 7:
        LossyLink();
        break;
      case 8:
        Split();
        break;
    }
  }

  // Every primary is away for a time, again and again: before, during and after the elections of
  // its successors.
  void OneLeaderAfterAnother() {
    const double silence_ms = static_cast<double>(scenario_.failover().suspect_after().ns()) / 1e6;
    const bool pauses = rng_.Chance(0.3);
    const proto::When when = At(SomeTime());
    proto::Fault& fault = pauses ? Add(proto::PAUSE, "primary", when) : Die("primary", when);
    const auto away_ms = static_cast<int64_t>(rng_.Unit() * 3 * silence_ms);
    const auto back_ms = static_cast<int64_t>(rng_.Unit() * 3 * silence_ms);
    fault.mutable_for_()->set_ns((1 + away_ms) * 1'000'000);
    fault.mutable_every()->set_ns((2 + away_ms + back_ms) * 1'000'000);
    fault.set_times(2 + static_cast<uint32_t>(rng_.Below(6)));
  }

  // Operators seldom intervene. A fault that follows a removed one keeps its own time.
  void LeaveToElections() {
    std::erase_if(faults_, [this](const proto::Fault& fault) {
      return fault.do_() == proto::PROMOTE && rng_.Chance(0.8);
    });
  }

  const std::string& Node() { return nodes_[rng_.Below(nodes_.size())]; }
  const std::string& Voter() { return voters_[rng_.Below(voters_.size())]; }
  const std::string& Replica() { return replicas_[rng_.Below(replicas_.size())]; }
  std::string Best() { return rng_.Chance(0.5) ? "best" : Node(); }
  int64_t SomeTime() {
    const int64_t ms = scenario_.duration().ns() / 1'000'000;
    return static_cast<int64_t>(rng_.Below(static_cast<uint64_t>(std::max<int64_t>(1, ms - 1))));
  }
  // Half of the time without a delay.
  int64_t Soon(int64_t within_ms) {
    return rng_.Chance(0.5) ? 0
                            : static_cast<int64_t>(rng_.Below(static_cast<uint64_t>(within_ms)));
  }
  static proto::When At(int64_t ms) {
    proto::When when;
    when.mutable_at()->set_ns(ms * 1'000'000);
    return when;
  }
  proto::Fault& Add(proto::Action action, std::string node, proto::When when) {
    proto::Fault& fault = faults_.emplace_back();
    *fault.mutable_when() = std::move(when);
    fault.set_do_(action);
    fault.set_node(std::move(node));
    if (action == proto::POWER_LOSS) fault.set_torn(rng_.Chance(0.5));
    return fault;
  }
  proto::Fault& Die(const std::string& node, proto::When when) {
    return Add(Pick(rng_, kDeaths), node, std::move(when));
  }

  void Something(const std::string& node, int64_t at_ms) {
    const proto::Action action =
        Pick(rng_, {proto::KILL, proto::POWER_LOSS, proto::HOST_LOSS, proto::RESTART, proto::PAUSE,
                    proto::RESUME, proto::PROMOTE, proto::FSYNC_ERROR});
    proto::Fault& fault = Add(action, node, At(at_ms));
    if (action == proto::FSYNC_ERROR) {
      fault.set_flushes(1 + static_cast<uint32_t>(rng_.Below(4)));
    }
  }

  void TwoAtOnce() {
    const std::string node = Node();
    const int64_t at = SomeTime();
    Something(node, at);
    Something(node, at + Soon(3));
    if (rng_.Chance(0.5)) Something(node, at + Soon(60));
    Add(proto::RESTART, node, At(at + Soon(100)));
  }

  void StartsThatCross() {
    const std::string node = Node();
    const int64_t at = SomeTime();
    Die(node, At(at));
    Add(proto::RESTART, node, At(at + Soon(5)));
    Add(proto::PROMOTE, Best(), At(at + Soon(60)));
    Something(node, at + Soon(80));
  }

  void PromotionsThatCross() {
    const int64_t at = SomeTime();
    for (int i = 0; i < 3; ++i) {
      if (i < 2 || rng_.Chance(0.3)) Add(proto::PROMOTE, Best(), At(at + Soon(5)));
    }
  }

  void AllNodes() {
    const int64_t at = SomeTime();
    const proto::Action how = Pick(rng_, kDeaths);
    for (const std::string& node : voters_) Add(how, node, At(at + Soon(3)));
    for (const std::string& node : voters_) {
      if (rng_.Chance(0.9)) Add(proto::RESTART, node, At(at + 5 + Soon(200)));
    }
  }

  void RepeatedFault() {
    proto::Fault& fault = Die(Voter(), At(SomeTime()));
    fault.mutable_every()->set_ns((20 + static_cast<int64_t>(rng_.Below(150))) * 1'000'000);
    fault.set_times(2 + static_cast<uint32_t>(rng_.Below(4)));
    fault.mutable_for_()->set_ns((1 + static_cast<int64_t>(rng_.Below(60))) * 1'000'000);
  }

  // The node is killed, resumed or promoted while it stands at the failpoint.
  void StandsAtAPoint() {
    const Point point = kAllPoints[rng_.Below(std::size(kAllPoints))];
    const bool of_replica = IsReplicaPoint(point) && !replicas_.empty();
    const std::string node = of_replica ? Replica() : "p";
    proto::When when;
    when.set_point(ToString(FailpointName{rng_.Chance(0.5), point}));
    if (rng_.Chance(0.5)) {
      when.set_hit(1 + rng_.Below(200));
    } else {
      when.set_lsn(1 + rng_.Below(200));
    }
    Add(proto::PAUSE, node, std::move(when));
    const int64_t at = SomeTime();
    Something(node, at);
    Something(node, at + Soon(20));
  }

  void BitFlip() {
    const std::string node = Node();
    const int64_t at = SomeTime();
    Add(proto::BIT_FLIP, node, At(at));
    if (!rng_.Chance(0.7)) return;
    Die(node, At(at + Soon(50)));
    Add(proto::RESTART, node, At(at + 50 + Soon(100)));
  }

  void LossyLink() {
    const std::string one = Voter();
    const std::string other = Voter();
    if (one == other) return;
    proto::Fault& fault = Add(proto::SET_LINK, "", At(SomeTime()));
    fault.add_from(one);
    fault.add_to(other);
    fault.mutable_delay()->mutable_plus()->set_ns(static_cast<int64_t>(rng_.Below(100)) *
                                                  1'000'000);
    fault.mutable_jitter()->set_ns(0);
    if (rng_.Chance(0.7)) fault.set_loss(static_cast<double>(1 + rng_.Below(30)) / 100);
  }

  // Splits the nodes into two sides, perhaps with a leader on each side.
  void Split() {
    proto::Fault& fault = Add(proto::PARTITION, "", At(SomeTime()));
    for (const std::string& node : voters_) {
      (rng_.Chance(0.5) ? fault.mutable_from() : fault.mutable_to())->Add(std::string(node));
    }
    fault.set_one_way(rng_.Chance(0.3));
    const int64_t at = SomeTime();
    if (rng_.Chance(0.6)) Add(proto::PROMOTE, Best(), At(at));
  }

  const proto::Scenario& scenario_;
  Rng& rng_;
  const bool elects_;
  const std::vector<std::string> nodes_;
  const std::vector<std::string> voters_;  // the nodes and the witnesses
  const std::vector<std::string> replicas_;
  std::vector<proto::Fault> faults_;
};

}  // namespace

void DrawCluster(Rng rng, proto::Scenario* scenario, std::vector<std::string>* numbers) {
  const auto maybe = [&](const std::function<void(proto::Scenario&)>& change, auto line) {
    if (rng.Chance(0.4) && Try(scenario, change)) numbers->push_back(line());
  };
  const auto replicas = static_cast<uint32_t>(1 + rng.Below(7));
  const auto sync = Pick(rng, {proto::EVERY_WRITE, proto::EVERY_BATCH, proto::INTERVAL, proto::OS});
  const auto io = Pick(rng, {proto::IO_BLOCKING, proto::THREAD, proto::IO_URING});
  const auto on_timeout =
      Pick(rng, {proto::BLOCK, proto::REJECT, proto::ANSWER_UNKNOWN, proto::DEGRADE});
  const auto order = Pick(rng, {proto::PRIMARY_FIRST, proto::REPLICAS_FIRST});
  const auto apply = Pick(rng, {proto::ON_RECEIVE, proto::ON_FLUSH, proto::ON_COMMIT});
  const auto timeout_ms = static_cast<int64_t>(1 + rng.Below(500));
  const auto value_bytes = Pick<uint64_t>(rng, {1, 1'000, 100'000, 1'000'000});
  const bool at_replicas = rng.Chance(0.5);
  maybe([&](proto::Scenario& s) { s.mutable_cluster()->set_replicas(replicas); },
        [&] { return absl::StrCat("replicas ", replicas); });
  maybe(
      [&](proto::Scenario& s) {
        proto::Durability* durability = s.mutable_cluster()->mutable_durability();
        durability->set_sync(sync);
        if (sync != proto::EVERY_BATCH) {
          durability->clear_group_delay();
          durability->clear_group_size();
        }
      },
      [&] {
        return absl::StrCat("sync ",
                            WordOf(*proto::SyncPolicy_descriptor()->FindValueByNumber(sync)));
      });
  maybe(
      [&](proto::Scenario& s) { s.mutable_cluster()->mutable_durability()->set_io(io); },
      [&] { return absl::StrCat("io ", WordOf(*proto::Io_descriptor()->FindValueByNumber(io))); });
  maybe([&](proto::Scenario& s) { s.mutable_replication()->set_on_timeout(on_timeout); },
        [&] {
          return absl::StrCat(
              "on_timeout ",
              WordOf(*proto::TimeoutPolicy_descriptor()->FindValueByNumber(on_timeout)));
        });
  maybe([&](proto::Scenario& s) { s.mutable_replication()->set_order(order); },
        [&] {
          return absl::StrCat("order ",
                              WordOf(*proto::LogOrder_descriptor()->FindValueByNumber(order)));
        });
  maybe([&](proto::Scenario& s) { s.mutable_replication()->set_replica_apply(apply); },
        [&] {
          return absl::StrCat("replica_apply ",
                              WordOf(*proto::ApplyWhen_descriptor()->FindValueByNumber(apply)));
        });
  maybe(
      [&](proto::Scenario& s) {
        s.mutable_replication()->mutable_timeout()->set_ns(timeout_ms * 1'000'000);
      },
      [&] { return absl::StrCat("timeout ", timeout_ms, "ms"); });
  // Large values fill segments and take long; over a narrow link they would take longer than the
  // run.
  if (rng.Chance(0.3) && !HasNarrowLink(*scenario)) {
    maybe(
        [&](proto::Scenario& s) {
          s.mutable_workload()->mutable_value_bytes()->set_bytes(value_bytes);
          if (value_bytes > 10'000 && s.workload().arrival().has_rate()) {
            s.mutable_workload()->mutable_arrival()->mutable_rate()->set_per_second(50);
          }
        },
        [&] { return absl::StrCat("value_bytes ", value_bytes); });
  }
  maybe(
      [&](proto::Scenario& s) {
        s.mutable_workload()->mutable_read_from()->clear_replicas();
        s.mutable_workload()->mutable_read_from()->set_node(at_replicas ? "any-replica"
                                                                        : "primary");
        s.mutable_workload()->set_read_wait(at_replicas ? proto::FOR_POSITION : proto::NO_WAIT);
      },
      [&] {
        return absl::StrCat("read_from ", at_replicas ? "any-replica at a position" : "primary");
      });
}

void AddStorm(Rng rng, proto::Scenario* scenario) {
  Storm storm(*scenario, rng);
  for (uint64_t left = 1 + rng.Below(5); left > 0; --left) {
    const std::vector<proto::Fault> story = storm.Tell();
    Try(scenario, [&](proto::Scenario& changed) {
      for (const proto::Fault& fault : story) *changed.add_faults() = fault;
    });
  }
}

}  // namespace replsim
