// Faults of nodes (kill, restart, pause, promote, slow down) and their statuses.
#include <signal.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/config/clock_convert.h"
#include "simulator/cluster/live/live_cluster.h"
#include "simulator/cluster/managed/clock_of.h"
#include "simulator/cluster/managed/node_actions.h"
#include "simulator/cluster/managed/promotion_choice.h"

namespace replsim {
namespace {

// How long the end of a process may be noticed after that of its connections, and how often to
// look.
constexpr Nanos kEffectPatience = Millis(1000);
constexpr Nanos kEffectPoll = Millis(5);

}  // namespace

void LiveCluster::Kill(const NodeId& id, Done done) {
  LiveNode& node = Find(id);
  if (absl::Status may = MayKill(id, node.state); !may.ok()) return Later(std::move(done), may);
  End(node, std::move(done));
}

// Relays forward on the io thread, so no data passes between the kill and the reset.
void LiveCluster::LoseHost(const NodeId& id, Done done) {
  LiveNode& node = Find(id);
  if (absl::Status may = MayLose(id, node.state); !may.ok()) return Later(std::move(done), may);
  if (node.state == NodeState::kDown) {
    Later(std::move(done), absl::OkStatus());
  } else {
    End(node, std::move(done));
  }
  OnIo([this, id] { links_.ResetAll(id); });
}

void LiveCluster::Restart(const NodeId& id, Done done) {
  LiveNode& node = Find(id);
  if (absl::Status may = MayRestart(id, node.state); !may.ok()) return Later(std::move(done), may);
  if (node.state == NodeState::kDying) {
    node.on_exit.push_back([this, id, done = std::move(done)](const absl::Status&) mutable {
      Restart(id, std::move(done));
    });
    return;
  }
  Spawn(node, std::move(done));
}

void LiveCluster::Pause(const NodeId& id, Done done) {
  LiveNode& node = Find(id);
  if (absl::Status may = MayChange(id, node.state); !may.ok()) return Later(std::move(done), may);
  node.state = NodeState::kPaused;
  OnIo([this, id, done = std::move(done)]() mutable {
    slow_.Hold(id, true);
    const auto& process = Find(id).process;
    Later(std::move(done), process == nullptr ? NotUp(id, state(id)) : process->Signal(SIGSTOP));
  });
}

void LiveCluster::Resume(const NodeId& id, Done done) {
  LiveNode& node = Find(id);
  if (absl::Status may = MayResume(id, node.state); !may.ok()) return Later(std::move(done), may);
  node.state = NodeState::kUp;
  Done resumed = std::move(done);
  if (node.disk_untold) {
    resumed = [this, id, done = std::move(resumed)](absl::Status status) mutable {
      if (!status.ok()) return done(status);
      TellDisk(id, std::move(done));
    };
  }
  OnIo([this, id, resumed = std::move(resumed)]() mutable {
    const auto& process = Find(id).process;
    Later(std::move(resumed), process == nullptr ? NotUp(id, state(id)) : process->Signal(SIGCONT));
    slow_.Hold(id, false);
  });
}

void LiveCluster::SetApplyDelay(const NodeId& id, Nanos per_entry, Done done) {
  LiveNode& node = Find(id);
  if (const auto told = KeepApplyDelay(id, per_entry)) return Later(std::move(done), *told);
  proto::SetOptionsRequest request;
  request.set_apply_delay_ns(per_entry.count());
  node.control->SetOptions(request, std::move(done));
}

void LiveCluster::SetShare(const NodeId& id, double share, Done done) {
  if (absl::Status may = MayKill(id, state(id)); !may.ok()) return Later(std::move(done), may);
  OnIo([this, id, share, done = std::move(done)]() mutable {
    slow_.SetShare(id, share);
    Later(std::move(done), absl::OkStatus());
  });
}

void LiveCluster::SetWallClock(const NodeId& id, Nanos ahead, double drift, Done done) {
  LiveNode& node = Find(id);
  if (absl::Status may = MayChange(id, node.state); !may.ok()) return Later(std::move(done), may);
  const NodeClock own = ClockOf(options_.scenario.machine(), id.name(), began_);
  node.wall_clock = {ahead, drift, own.Local(scheduler_->Now())};
  proto::SetOptionsRequest request;
  ToWire(node.wall_clock, request.mutable_wall_clock());
  node.control->SetOptions(request, std::move(done));
}

void LiveCluster::ArmFailpoint(const NodeId& id, FailpointSpec spec, Done done) {
  LiveNode& node = Find(id);
  if (absl::Status may = MayChange(id, node.state); !may.ok()) return Later(std::move(done), may);
  proto::ArmFailpointRequest request;
  request.set_point(spec.point);
  request.set_hit(spec.hit);
  request.set_lsn(spec.lsn);
  request.set_pause(spec.pause);
  ++node.armed_failpoints;
  if (spec.pause) ++node.armed_pauses;
  node.control->ArmFailpoint(request, UnlessItTookEffect(id, std::move(done)));
}

// A fault may end the node before the node has answered that it has taken it. The process's end is
// known a little later than the end of the connection.
Cluster::Done LiveCluster::UnlessItTookEffect(const NodeId& id, Done done) {
  return [this, id, life = Find(id).life, alive = alive_,
          done = std::move(done)](const absl::Status& answer) mutable {
    if (answer.ok() || !*alive) return done(answer);
    AwaitEffect(id, life, scheduler_->Now() + kEffectPatience, answer, std::move(done));
  };
}

void LiveCluster::AwaitEffect(const NodeId& id, uint64_t life, Instant until,
                              const absl::Status& answer, Done done) {
  const LiveNode& node = Find(id);
  if (node.life_ended_by_fault == life) return done(absl::OkStatus());
  if (node.life != life || scheduler_->Now() >= until) return done(answer);
  scheduler_->At(scheduler_->Now() + kEffectPoll,
                 [this, id, life, until, answer, alive = alive_, done = std::move(done)]() mutable {
                   if (*alive) AwaitEffect(id, life, until, answer, std::move(done));
                 });
}

// --- statuses ---

void LiveCluster::Describe(absl::AnyInvocable<void(Statuses)> done) {
  DescribeAllBut(NodeId(), std::move(done));
}

void LiveCluster::DescribeAllBut(const NodeId& left_out, absl::AnyInvocable<void(Statuses)> done) {
  struct Gathering {
    size_t left = 0;
    Statuses statuses;
    absl::AnyInvocable<void(Statuses)> done;
  };
  const auto gathering = std::make_shared<Gathering>();
  gathering->done = std::move(done);
  for (auto& [id, node] : nodes_) {
    if (node.state != NodeState::kUp || id == left_out || IsWitness(id)) continue;
    ++gathering->left;
    node.control->Describe([gathering, id = id, alive = alive_](absl::StatusOr<NodeStatus> status) {
      if (!*alive) return;
      gathering->statuses.emplace_back(id, std::move(status));
      if (--gathering->left == 0) gathering->done(std::move(gathering->statuses));
    });
  }
  if (gathering->left == 0) {
    Inside([gathering] { gathering->done({}); });
  }
}

void LiveCluster::Scan(const NodeId& id, Scanned done) {
  Find(id).control->Scan([alive = alive_, done = std::move(done)](
                             absl::StatusOr<std::vector<FinalEntry>> keys) mutable {
    if (*alive) done(std::move(keys));
  });
}

// --- promotion ---

void LiveCluster::Promote(const NodeId& wanted, Done done) {
  if (!wanted.empty()) {
    return Inside([this, wanted, done = std::move(done)]() mutable {
      PromoteChosen(wanted, std::move(done));
    });
  }
  DescribeAllBut(primary(), [this, done = std::move(done)](const Statuses& all) mutable {
    PromoteChosen(BestReplica(all), std::move(done));
  });
}

void LiveCluster::PromoteNode(const NodeId& id, Epoch epoch, const std::vector<NodeId>& followers,
                              Done done) {
  proto::PromoteRequest request;
  request.set_epoch(epoch.value());
  for (const NodeId& follower : followers) request.add_followers(follower.name());
  Find(id).control->Promote(request,
                            [alive = alive_, done = std::move(done)](
                                const absl::StatusOr<proto::PromoteResponse>& answer) mutable {
                              if (*alive) done(answer.status());
                            });
}

void LiveCluster::TellToFollow(const NodeId& id, const NodeId& primary, Epoch epoch) {
  proto::FollowRequest follow;
  follow.set_primary(primary.name());
  follow.set_epoch(epoch.value());
  Find(id).control->Follow(follow, [](absl::Status) {});
}

void LiveCluster::TellToStand(const NodeId& id, Done done) {
  proto::PromoteRequest request;
  request.set_stand(true);
  Find(id).control->Promote(request,
                            [alive = alive_, done = std::move(done)](
                                const absl::StatusOr<proto::PromoteResponse>& answer) mutable {
                              if (*alive) done(answer.status());
                            });
}

void LiveCluster::TellToSwitchOver(const NodeId& id, const NodeId& target, Done done) {
  proto::SwitchoverRequest request;
  request.set_target(target.name());
  Find(id).control->Switchover(request, std::move(done));
}

void LiveCluster::TellToStepDown(const NodeId& id, Done done) {
  Find(id).control->StepDown(std::move(done));
}

}  // namespace replsim
