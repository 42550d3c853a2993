#include "simulator/run/final_read.h"

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/cluster/managed/convergence.h"

namespace replsim {
namespace {

constexpr Nanos kPoll = Millis(20);
// Poll interval if every key of every node must be read
constexpr Nanos kContentPoll = Millis(200);

proto::Manifest::NodeEnd EndOf(const NodeId& id, const NodeStatus& status) {
  proto::Manifest::NodeEnd end;
  end.set_node(id.name());
  end.set_alive(true);
  end.set_epoch(status.core.append.epoch.value());
  end.set_last(status.core.append.lsn.value());
  end.set_apply(status.core.apply.value());
  end.set_digest(status.digest);
  end.set_truncated_entries(status.core.truncated_entries);
  end.set_recovery(status.recovery);
  end.set_failure(status.core.failure);
  return end;
}

// One convergence in progress; callbacks keep it alive.
class Convergence : public std::enable_shared_from_this<Convergence> {
 public:
  Convergence(RunCluster* cluster, Scheduler* scheduler, std::shared_ptr<const bool> over,
              const proto::Scenario& scenario, Restarted restarted, Converged done)
      : cluster_(cluster),
        scheduler_(scheduler),
        over_(std::move(over)),
        settle_(scenario.settle().ns()),
        until_(scheduler->Now() + settle_),
        last_(scheduler->Now() + settle_ * kSettlesMost),
        spec_(scenario.replication()),
        elects_(scenario.failover().has_suspect_after()),
        restarts_(scenario.failover().rejoin() != proto::FOLLOW),
        restarted_(std::move(restarted)),
        done_(std::move(done)) {}

  void Step() {
    if (*over_) return;
    if (!cluster_->capabilities().Has(Capability::kPositions)) return RestartOldPrimary();
    cluster_->Describe(
        [self = shared_from_this()](const RunCluster::Statuses& all) { self->Judge(all); });
  }

 private:
  void Judge(const RunCluster::Statuses& all) {
    const NodeId old = restarts_ ? LedBefore(all, cluster_->primary()) : NodeId();
    if (!old.empty()) return Restart(old, "led an older epoch; restarted as a replica");
    if (restarts_ && IsFenced(all, cluster_->primary())) {
      return Restart(cluster_->primary(),
                     "was fenced by a failed promotion; restarted as the primary");
    }
    if (!elects_ && FollowsNobody(all, cluster_->primary())) {
      return Restart(cluster_->primary(),
                     "started during a failed promotion; restarted as the primary");
    }
    if (HasAdvanced(all)) until_ = std::min(scheduler_->Now() + settle_, last_);
    Judge(RestOf(all), kPoll);
  }

  // Whether some node has more of the log, or has applied more of it, than ever before. A node that
  // truncates its log and receives it again makes no progress by that.
  bool HasAdvanced(const RunCluster::Statuses& all) {
    bool advanced = false;
    for (const auto& [id, status] : all) {
      if (!status.ok()) continue;
      Reached& reached = reached_[id];
      const CoreDescription& core = status->core;
      advanced |= reached.append < core.append.lsn || reached.apply < core.apply;
      reached.append = std::max(reached.append, core.append.lsn);
      reached.apply = std::max(reached.apply, core.apply);
    }
    return advanced;
  }

  void Judge(const Rest& rest, Nanos poll) {
    // A position behind a gate that cannot be reached does not move; that of a node that still
    // applies does.
    const bool settled =
        rest.why_not.empty() && (rest.withheld.empty() || rest.withheld == before_);
    if (settled) return done_(rest.withheld);
    before_ = rest.withheld;
    if (scheduler_->Now() >= until_) {
      return done_(
          absl::DeadlineExceededError(rest.why_not.empty() ? rest.withheld : rest.why_not));
    }
    scheduler_->At(scheduler_->Now() + poll, [self = shared_from_this()] { self->Step(); });
  }

  // For a cluster that states no positions. A node that still leads an older epoch would never
  // follow.
  void RestartOldPrimary() {
    cluster_->Describe([self = shared_from_this()](const RunCluster::Statuses& all) {
      if (*self->over_) return;
      const NodeId old = self->restarts_ ? LedBefore(all, self->cluster_->primary()) : NodeId();
      if (old.empty()) return self->CompareContents();
      self->Restart(old, "led an older epoch; restarted as a replica");
    });
  }

  // For a cluster that states no positions: all nodes must return the same data.
  struct Contents {
    size_t awaited = 0;
    std::vector<absl::StatusOr<std::vector<FinalEntry>>> of;  // in the order of nodes()
  };
  void CompareContents() {
    const std::vector<NodeId>& ids = cluster_->nodes();
    const auto contents = std::make_shared<Contents>();
    contents->awaited = ids.size();
    contents->of.resize(ids.size());
    for (size_t i = 0; i < ids.size(); ++i) {
      cluster_->Scan(ids[i], [self = shared_from_this(), contents,
                              i](absl::StatusOr<std::vector<FinalEntry>> entries) {
        contents->of[i] = std::move(entries);
        if (--contents->awaited > 0 || *self->over_) return;
        self->Judge({self->FirstDifference(*contents), ""}, kContentPoll);
      });
    }
  }
  // Returns which node cannot be read or differs from the first one; empty if all hold the same
  // data.
  std::string FirstDifference(Contents& contents) const {
    const std::vector<NodeId>& ids = cluster_->nodes();
    for (size_t i = 0; i < ids.size(); ++i) {
      if (!contents.of[i].ok()) {
        return absl::StrCat(ids[i].name(), " cannot be read: ", contents.of[i].status().message());
      }
      std::sort(contents.of[i]->begin(), contents.of[i]->end(),
                [](const FinalEntry& a, const FinalEntry& b) { return a.key < b.key; });
      if (*contents.of[i] != *contents.of[0]) {
        return absl::StrCat(ids[i].name(), " and ", ids[0].name(), " hold different data");
      }
    }
    return "";
  }

  void Restart(const NodeId& node, const char* why) {
    cluster_->Kill(node, [self = shared_from_this(), node, why,
                          begun = scheduler_->Now()](const absl::Status& killed) {
      if (!killed.ok()) return self->done_(killed);
      self->cluster_->Restart(node, [self, node, why, begun](const absl::Status& status) {
        if (!status.ok()) return self->done_(status);
        self->restarted_(node, why, begun);
        self->Step();
      });
    });
  }

  // Nodes killed by faults have been restarted. A node that is still down could not start, or died
  // by itself.
  Rest RestOf(const RunCluster::Statuses& all) const {
    for (const NodeId& id : cluster_->nodes()) {
      if (cluster_->state(id) == NodeState::kDown) return {absl::StrCat(id.name(), " is down"), ""};
    }
    return JudgeRest(all, cluster_->primary(), spec_);
  }

  RunCluster* const cluster_;
  Scheduler* const scheduler_;
  const std::shared_ptr<const bool> over_;
  const Nanos settle_;
  Instant until_;  // without progress
  const Instant last_;
  const proto::ReplicationSpec spec_;
  const bool elects_;    // the nodes elect their primary
  const bool restarts_;  // a node that has stopped leading waits for its restart
  const Restarted restarted_;
  std::string before_;  // what was withheld at the previous poll
  struct Reached {
    Lsn append;
    Lsn apply;
  };
  std::map<NodeId, Reached> reached_;
  Converged done_;
};

}  // namespace

void Converge(RunCluster* cluster, Scheduler* scheduler, std::shared_ptr<const bool> over,
              const proto::Scenario& scenario, Restarted restarted, Converged done) {
  std::make_shared<Convergence>(cluster, scheduler, std::move(over), scenario, std::move(restarted),
                                std::move(done))
      ->Step();
}

std::string FinalPrimary(const std::vector<FinalRead>& finals, const std::string& primary,
                         bool elects) {
  const auto leads = [](const FinalRead& final) { return final.leads; };
  if (!elects || std::any_of(finals.begin(), finals.end(), leads)) return primary;
  const auto end = [](const FinalRead& final) {
    return std::make_tuple(final.end.alive(), final.end.epoch(), final.end.last());
  };
  const auto newest =
      std::max_element(finals.begin(), finals.end(),
                       [&](const FinalRead& a, const FinalRead& b) { return end(a) < end(b); });
  return newest == finals.end() || !newest->end.alive() ? primary : newest->end.node();
}

void ReadFinal(RunCluster* cluster, absl::AnyInvocable<void(std::vector<FinalRead>)> done) {
  cluster->Describe([cluster, done = std::move(done)](const RunCluster::Statuses& all) mutable {
    struct Gathering {
      size_t left = 0;
      std::vector<FinalRead> finals;
      absl::AnyInvocable<void(std::vector<FinalRead>)> done;
    };
    const auto gathering = std::make_shared<Gathering>();
    gathering->done = std::move(done);
    const std::vector<NodeId>& ids = cluster->nodes();
    for (const NodeId& id : ids) {
      FinalRead& final = gathering->finals.emplace_back();
      const NodeState state = cluster->state(id);
      final.end.set_node(id.name());
      final.end.set_alive(state == NodeState::kUp || state == NodeState::kPaused);
    }
    gathering->left = static_cast<size_t>(
        std::count_if(all.begin(), all.end(), [](const auto& one) { return one.second.ok(); }));
    if (gathering->left == 0) return gathering->done(std::move(gathering->finals));
    for (const auto& [id, status] : all) {
      if (!status.ok()) continue;
      const auto index = static_cast<size_t>(std::find(ids.begin(), ids.end(), id) - ids.begin());
      gathering->finals[index].end = EndOf(id, *status);
      gathering->finals[index].leads = status->core.is_primary && !status->core.fenced;
      cluster->Scan(id, [gathering, index](absl::StatusOr<std::vector<FinalEntry>> keys) {
        if (keys.ok()) {
          gathering->finals[index].keys = *std::move(keys);
          gathering->finals[index].scanned = true;
        }
        if (--gathering->left == 0) gathering->done(std::move(gathering->finals));
      });
    }
  });
}

}  // namespace replsim
