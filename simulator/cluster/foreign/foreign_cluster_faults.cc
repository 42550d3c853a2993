// Faults of nodes (kill, restart, pause, promote, slow down).
#include <signal.h>

#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/cluster/foreign/foreign_cluster.h"
#include "simulator/cluster/foreign/process_tree.h"
#include "simulator/cluster/managed/node_actions.h"
#include "simulator/cluster/managed/promotion_choice.h"

namespace replsim {
namespace {

constexpr Nanos kPromotionPatience = Millis(60'000);
constexpr Nanos kFollowPatience = Millis(10'000);

}  // namespace

void ForeignCluster::Kill(const NodeId& id, Done done) {
  Node& node = Find(id);
  if (absl::Status may = MayKill(id, node.state); !may.ok()) return Later(std::move(done), may);
  End(node, std::move(done));
}

// Relays forward on the io thread, so no data passes between the kill and the reset.
void ForeignCluster::LoseHost(const NodeId& id, Done done) {
  Node& node = Find(id);
  if (absl::Status may = MayLose(id, node.state); !may.ok()) return Later(std::move(done), may);
  if (node.state == NodeState::kDown) {
    Later(std::move(done), absl::OkStatus());
  } else {
    End(node, std::move(done));
  }
  OnIo([this, id] { links_.ResetAll(id); });
}

void ForeignCluster::Restart(const NodeId& id, Done done) {
  Node& node = Find(id);
  if (absl::Status may = MayRestart(id, node.state); !may.ok()) return Later(std::move(done), may);
  if (node.state == NodeState::kDying) {
    node.on_exit.push_back([this, id, done = std::move(done)](const absl::Status&) mutable {
      Restart(id, std::move(done));
    });
    return;
  }
  Spawn(node, std::move(done));
}

void ForeignCluster::Signal(const NodeId& id, int signal, Done done) {
  OnIo([this, id, signal, done = std::move(done)]() mutable {
    if (signal == SIGSTOP) slow_.Hold(id, true);
    Instant when;
    const auto& process = Find(id).process;
    if (process != nullptr) SignalTree(*process, signal, &when);
    if (signal == SIGCONT) slow_.Hold(id, false);
    Later(std::move(done), process == nullptr ? NotUp(id, state(id)) : absl::OkStatus());
  });
}

void ForeignCluster::Pause(const NodeId& id, Done done) {
  Node& node = Find(id);
  if (absl::Status may = MayChange(id, node.state); !may.ok()) return Later(std::move(done), may);
  node.state = NodeState::kPaused;
  Signal(id, SIGSTOP, std::move(done));
}

void ForeignCluster::Resume(const NodeId& id, Done done) {
  Node& node = Find(id);
  if (absl::Status may = MayResume(id, node.state); !may.ok()) return Later(std::move(done), may);
  node.state = NodeState::kUp;
  Signal(id, SIGCONT, std::move(done));
  // It missed a promotion. An old primary stays one until its restart.
  if (id != primary() && node.follows != id && node.follows != primary()) {
    TellToFollow(id, primary());
  }
}

void ForeignCluster::SetShare(const NodeId& id, double share, Done done) {
  if (absl::Status may = MayKill(id, state(id)); !may.ok()) return Later(std::move(done), may);
  OnIo([this, id, share, done = std::move(done)]() mutable {
    slow_.SetShare(id, share);
    Later(std::move(done), absl::OkStatus());
  });
}

// --- promotion ---

void ForeignCluster::Promote(const NodeId& wanted, Done done) {
  if (!wanted.empty()) {
    return Inside([this, wanted, done = std::move(done)]() mutable {
      PromoteChosen(wanted, std::move(done));
    });
  }
  Describe([this, done = std::move(done)](Statuses all) mutable {
    std::erase_if(all, [this](const auto& one) { return one.first == primary(); });
    PromoteChosen(BestReplica(all), std::move(done));
  });
}

void ForeignCluster::PromoteChosen(const NodeId& chosen, Done done) {
  if (chosen.empty()) {
    return done(absl::FailedPreconditionError("there is no live replica to promote"));
  }
  if (absl::Status may = MayChange(chosen, state(chosen)); !may.ok()) return done(may);
  const Epoch epoch = epochs_.BeginPromotion(chosen);
  Control(
      chosen, kPromotionPatience,
      [epoch](ForeignConnection& connection, Done ended) {
        connection.Promote(epoch, std::move(ended));
      },
      [this, chosen, epoch, done = std::move(done)](const absl::Status& promoted) mutable {
        if (!epochs_.EndPromotion(chosen, epoch, promoted.ok())) return done(promoted);
        promotions_.push_back({chosen, epoch, scheduler_->Now()});
        Find(chosen).follows = chosen;
        for (const NodeId& id : ids_) {
          // The old primary stays one until its restart: nothing here could be sure to reach it.
          const Node& node = Find(id);
          if (id != chosen && node.state == NodeState::kUp && node.follows != id) {
            TellToFollow(id, chosen);
          }
        }
        OnIo([this, chosen] {
          writes_to_ = chosen;
          SendWaiting();
        });
        done(absl::OkStatus());
      });
}

void ForeignCluster::TellToFollow(const NodeId& id, const NodeId& primary) {
  Find(id).follows = primary;
  Control(
      id, kFollowPatience,
      [this, id, primary](ForeignConnection& connection, Done ended) {
        connection.Follow(primary, RelayPort(id, primary), std::move(ended));
      },
      [](const absl::Status&) {});
}

}  // namespace replsim
