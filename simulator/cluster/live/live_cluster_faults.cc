// What is done to nodes: kill, restart, pause, promote, slow down; and how a run ends: converge,
// read everything.
#include <signal.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "simulator/cluster/live/live_cluster.h"

namespace replsim {
namespace {

constexpr Nanos kPoll = Millis(20);

absl::Status NotUp(const LiveNode& node) {
  return absl::FailedPreconditionError(absl::StrCat(node.id.name(), " is not running"));
}

}  // namespace

void LiveCluster::Kill(const NodeId& id, Done done) {
  LiveNode& node = Find(id);
  if (!node.alive()) return Later(std::move(done), NotUp(node));
  node.exit_expected = true;
  node.on_exit = std::move(done);
  OnIo([this, id] {
    if (const auto& process = Find(id).process; process != nullptr) process->Kill().IgnoreError();
  });
}

void LiveCluster::Restart(const NodeId& id, Done done) {
  LiveNode& node = Find(id);
  if (node.state == LiveNode::State::kStarting) {
    return Later(std::move(done),
                 absl::FailedPreconditionError(absl::StrCat(id.name(), " is starting")));
  }
  if (node.alive()) {
    // A restart of a running node is a kill first, as everywhere.
    return Kill(id, [this, id, done = std::move(done)](absl::Status) mutable {
      Restart(id, std::move(done));
    });
  }
  Spawn(node, /*as_primary=*/id == primary_, std::move(done));
}

void LiveCluster::Pause(const NodeId& id, Done done) {
  LiveNode& node = Find(id);
  if (node.state != LiveNode::State::kUp) return Later(std::move(done), NotUp(node));
  node.state = LiveNode::State::kPaused;
  OnIo([this, id, done = std::move(done)]() mutable {
    const auto& process = Find(id).process;
    Later(std::move(done), process == nullptr ? NotUp(Find(id)) : process->Signal(SIGSTOP));
  });
}

void LiveCluster::Resume(const NodeId& id, Done done) {
  LiveNode& node = Find(id);
  if (node.state != LiveNode::State::kPaused) {
    return Later(std::move(done),
                 absl::FailedPreconditionError(absl::StrCat(id.name(), " is not paused")));
  }
  node.state = LiveNode::State::kUp;
  OnIo([this, id, done = std::move(done)]() mutable {
    const auto& process = Find(id).process;
    Later(std::move(done), process == nullptr ? NotUp(Find(id)) : process->Signal(SIGCONT));
  });
}

void LiveCluster::SetApplyDelay(const NodeId& id, Nanos per_entry, Done done) {
  LiveNode& node = Find(id);
  if (node.state != LiveNode::State::kUp) return Later(std::move(done), NotUp(node));
  proto::SetOptionsRequest request;
  request.set_apply_delay_ns(per_entry.count());
  node.control->SetOptions(request, std::move(done));
}

void LiveCluster::ArmFailpoint(const NodeId& id, FailpointSpec spec, Done done) {
  LiveNode& node = Find(id);
  if (node.state != LiveNode::State::kUp) return Later(std::move(done), NotUp(node));
  proto::ArmFailpointRequest request;
  request.set_point(spec.point);
  request.set_hit(spec.hit);
  request.set_lsn(spec.lsn);
  request.set_pause(spec.pause);
  ++node.armed_failpoints;
  node.control->ArmFailpoint(request, std::move(done));
}

// --- promotion ---

void LiveCluster::DescribeAll(absl::AnyInvocable<void(Descriptions)> done) {
  struct Gathering {
    size_t left = 0;
    Descriptions descriptions;
    absl::AnyInvocable<void(Descriptions)> done;
  };
  const auto gathering = std::make_shared<Gathering>();
  gathering->done = std::move(done);
  for (auto& [id, node] : nodes_) {
    if (node.state != LiveNode::State::kUp) continue;
    ++gathering->left;
    node.control->Describe(
        [gathering, id = id, alive = alive_](absl::StatusOr<proto::NodeDescription> d) {
          if (!*alive) return;
          gathering->descriptions.emplace_back(id, std::move(d));
          if (--gathering->left == 0) gathering->done(std::move(gathering->descriptions));
        });
  }
  if (gathering->left == 0) {
    scheduler_->Post([gathering] { gathering->done({}); });
  }
}

void LiveCluster::Promote(const NodeId& wanted, Done done) {
  DescribeAll([this, wanted, done = std::move(done)](Descriptions all) mutable {
    using Rank = std::tuple<uint64_t, uint64_t>;  // epoch of the log's end, flushed LSN
    NodeId best;
    Rank best_rank;
    for (auto& [id, d] : all) {
      if (!d.ok()) continue;
      highest_epoch_ = std::max(highest_epoch_, Epoch(d->epoch()));
      if (d->is_primary() || !d->failure().empty()) continue;
      const Rank rank{d->append().epoch(), d->flush()};
      if (best.empty() || rank > best_rank) std::tie(best, best_rank) = std::make_pair(id, rank);
    }
    const NodeId chosen = wanted.empty() ? best : wanted;
    if (chosen.empty()) {
      return done(absl::FailedPreconditionError("there is no live replica to promote"));
    }
    if (Find(chosen).state != LiveNode::State::kUp) return done(NotUp(Find(chosen)));
    highest_epoch_ = highest_epoch_ + 1;
    PromoteNode(chosen, highest_epoch_, std::move(done));
  });
}

void LiveCluster::PromoteNode(const NodeId& id, Epoch epoch, Done done) {
  proto::PromoteRequest request;
  request.set_epoch(epoch.value());
  for (const auto& [other_id, other] : nodes_) {
    if (other_id != id && other_id != primary_ && other.state == LiveNode::State::kUp) {
      request.add_followers(other_id.name());
    }
  }
  Find(id).control->Promote(
      request, [this, id, epoch, followers = request.followers(), alive = alive_,
                done = std::move(done)](absl::StatusOr<proto::PromoteResponse> answer) mutable {
        if (!*alive) return;
        if (!answer.ok()) return done(answer.status());
        primary_ = id;
        proto::FollowRequest follow;
        follow.set_primary(id.name());
        follow.set_epoch(epoch.value());
        for (const std::string& follower : followers) {
          Find(NodeId(follower)).control->Follow(follow, [](absl::Status) {});
        }
        SendWaiting();
        done(absl::OkStatus());
      });
}

// --- the end of a run ---

// A live node that leads an epoch which is over: fenced, or not yet told.
const NodeId* LiveCluster::LedBefore(const Descriptions& descriptions) const {
  for (const auto& [id, d] : descriptions) {
    if (d.ok() && d->is_primary() && id != primary_) return &id;
  }
  return nullptr;
}

std::string LiveCluster::WhyNotConverged(const Descriptions& descriptions) const {
  const proto::NodeDescription* primary = nullptr;
  for (const auto& [id, d] : descriptions) {
    if (id == primary_ && d.ok()) primary = &*d;
  }
  if (primary == nullptr) return absl::StrCat(primary_.name(), " does not answer");
  std::vector<std::string> reasons;
  for (const auto& [id, d] : descriptions) {
    if (!d.ok()) {
      reasons.push_back(std::string(d.status().message()));
    } else if (!d->failure().empty()) {
      reasons.push_back(absl::StrCat(id.name(), " has stopped: ", d->failure()));
    } else if (d->append().epoch() != primary->append().epoch() ||
               d->append().lsn() != primary->append().lsn()) {
      reasons.push_back(absl::StrCat(id.name(), " holds ", d->append().epoch(), ":",
                                     d->append().lsn(), ", ", primary_.name(), " ",
                                     primary->append().epoch(), ":", primary->append().lsn()));
    } else if (d->apply() != d->append().lsn()) {
      reasons.push_back(
          absl::StrCat(id.name(), " has applied ", d->apply(), " of ", d->append().lsn()));
    } else if (d->digest() != primary->digest()) {
      reasons.push_back(absl::StrCat(id.name(), " holds other contents than ", primary_.name(),
                                     " at the same position"));
    }
  }
  return absl::StrJoin(reasons, "; ");
}

void LiveCluster::Converge(Instant deadline, Done done) { ConvergeStep(deadline, std::move(done)); }

void LiveCluster::ConvergeStep(Instant deadline, Done done) {
  DescribeAll([this, deadline, done = std::move(done)](Descriptions all) mutable {
    if (const NodeId* old = LedBefore(all)) {
      // Real clusters do this with pg_rewind or a restart: it comes back as a replica.
      const NodeId id = *old;
      return Restart(id, [this, id, deadline, done = std::move(done)](absl::Status status) mutable {
        if (!status.ok()) return done(status);
        Emit(proto::RunEvent::RESTARTED, id, "led an older epoch; restarted as a replica",
             scheduler_->Now());
        ConvergeStep(deadline, std::move(done));
      });
    }
    const std::string why = WhyNotConverged(all);
    if (why.empty()) return done(absl::OkStatus());
    if (scheduler_->Now() >= deadline) return done(absl::DeadlineExceededError(why));
    scheduler_->At(scheduler_->Now() + kPoll,
                   [this, deadline, done = std::move(done), alive = alive_]() mutable {
                     if (*alive) ConvergeStep(deadline, std::move(done));
                   });
  });
}

void LiveCluster::ReadFinal(absl::AnyInvocable<void(std::vector<NodeFinal>)> done) {
  DescribeAll([this, done = std::move(done)](Descriptions all) mutable {
    struct Gathering {
      size_t left = 1;
      std::vector<NodeFinal> finals;
      absl::AnyInvocable<void(std::vector<NodeFinal>)> done;
    };
    const auto gathering = std::make_shared<Gathering>();
    gathering->done = std::move(done);
    for (const NodeId& id : ids_) {
      NodeFinal& final = gathering->finals.emplace_back();
      final.end.set_node(id.name());
      final.end.set_alive(Find(id).alive());
    }
    const auto one_done = [gathering] {
      if (--gathering->left == 0) gathering->done(std::move(gathering->finals));
    };
    for (auto& [id, d] : all) {
      if (!d.ok()) continue;
      const auto index =
          static_cast<size_t>(std::find(ids_.begin(), ids_.end(), id) - ids_.begin());
      proto::Manifest::NodeEnd& end = gathering->finals[index].end;
      end.set_epoch(d->append().epoch());
      end.set_last(d->append().lsn());
      end.set_apply(d->apply());
      end.set_digest(d->digest());
      end.set_truncated_entries(d->truncated_entries());
      end.set_recovery(d->recovery());
      end.set_failure(d->failure());
      ++gathering->left;
      Find(id).control->Scan([gathering, index, one_done,
                              alive = alive_](absl::StatusOr<std::vector<FinalEntry>> keys) {
        if (!*alive) return;
        if (keys.ok()) {
          gathering->finals[index].keys = *std::move(keys);
          gathering->finals[index].scanned = true;
        }
        one_done();
      });
    }
    scheduler_->Post(one_done);
  });
}

void LiveCluster::Look(absl::AnyInvocable<void(std::vector<Glance>)> done) {
  DescribeAll([this, done = std::move(done)](Descriptions all) mutable {
    std::vector<Glance> glances;
    for (const NodeId& id : ids_) {
      Glance& glance = glances.emplace_back(Glance{id, Find(id).state, {}});
      for (auto& [described, d] : all) {
        if (described == id && d.ok()) glance.description = *d;
      }
    }
    done(std::move(glances));
  });
}

}  // namespace replsim
