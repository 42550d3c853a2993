#include "simulator/cluster/managed/managed_cluster.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/cluster/managed/node_actions.h"
#include "simulator/cluster/managed/node_config.h"
#include "simulator/cluster/managed/node_list.h"
#include "simulator/cluster/managed/primary_finder.h"
#include "simulator/cluster/managed/primary_proxy.h"

namespace replsim {
namespace {

std::vector<NodeId> Joined(std::vector<NodeId> nodes, const std::vector<NodeId>& more) {
  nodes.insert(nodes.end(), more.begin(), more.end());
  return nodes;
}

}  // namespace

ManagedCluster::ManagedCluster(const proto::Scenario& scenario, Scheduler* scheduler,
                               const Rng& rng)
    : scenario_(scenario),
      scheduler_(scheduler),
      rng_(rng.Fork("elections")),
      nodes_(NodesOf(scenario.cluster())),
      witnesses_(WitnessesOf(scenario.cluster())),
      everyone_(Joined(nodes_, witnesses_)),
      epochs_(nodes_.front(), elects()),
      lookup_(MakeLookup(scheduler)),
      router_(
          ClientSites(scenario.cluster(), nodes_), &epochs_, lookup_.get(),
          [this](size_t site, const NodeId& node) { return IsConnected(site, node); }, scheduler) {}

std::unique_ptr<PrimaryLookup> ManagedCluster::MakeLookup(Scheduler* scheduler) {
  const proto::Workload& workload = scenario_.workload();
  const bool has_proxy = workload.find_primary() == proto::PROXY;
  if (!has_proxy && workload.find_primary() != proto::ASK_NODES) return nullptr;
  PrimaryLookup::Options options;
  options.sites = ClientSites(scenario_.cluster(), nodes_).count();
  options.nodes = nodes_;
  // The number of a site is the number of one of its clients.
  options.ask = [this](size_t site, const NodeId& node, Instant deadline,
                       absl::AnyInvocable<void(bool)> leads) {
    Read(site, node, "", ReadMode::kPrimary, Position(), deadline,
         [leads = std::move(leads)](const OperationResult& result) mutable {
           leads(result.outcome == proto::COMMITTED);
         });
  };
  options.found = [this](size_t site, const NodeId& primary) {
    reports_.PrimaryFound(primary, sites().end(site), scheduler_->Now());
    router_.Found(site, primary);
  };
  if (has_proxy) {
    const proto::Proxy& proxy = workload.proxy();
    return std::make_unique<PrimaryProxy>(
        std::move(options),
        PrimaryProxy::Checks{Nanos(proxy.check_every().ns()), proxy.rise(), proxy.fall()},
        nodes_.front(), scheduler);
  }
  return std::make_unique<PrimaryFinder>(std::move(options), Nanos(workload.ask_every().ns()),
                                         scheduler);
}

void ManagedCluster::DropClients() {
  if (lookup_ != nullptr) lookup_->Drop();
  router_.Drop();
  standing_.reset();
}

const std::vector<NodeId>& ManagedCluster::nodes_for(uint64_t client) const {
  return sites().nodes(sites().SiteOf(client));
}

bool ManagedCluster::IsWitness(const NodeId& node) const {
  return std::find(witnesses_.begin(), witnesses_.end(), node) != witnesses_.end();
}

std::vector<NodeId> ManagedCluster::link_ends() const {
  std::vector<NodeId> ends = everyone_;
  for (size_t site = 0; site < sites().count(); ++site) ends.push_back(sites().end(site));
  return ends;
}

bool ManagedCluster::BeginStart(const NodeId& node) {
  ++starts_[node];
  return epochs_.Starts(node);
}

// With elections, a node that starts again learns from the primary itself that it leads.
proto::NodeConfig ManagedCluster::ConfigFor(const NodeId& node) const {
  const uint64_t start = starts_.at(node);
  const bool is_told = !elects() || start == 1;
  proto::NodeConfig config =
      NodeConfigOf(scenario_, nodes_, node, is_told ? epochs_.NextPrimary() : NodeId(),
                   elects() ? Epoch(0) : epochs_.highest());
  for (const NodeId& witness : witnesses_) config.add_witnesses(witness.name());
  if (IsWitness(node)) config.set_role(proto::NodeConfig::WITNESS);
  if (const auto slowed = apply_delays_.find(node); slowed != apply_delays_.end()) {
    config.mutable_apply_delay()->set_ns(slowed->second.count());
  }
  config.set_election_seed(rng_.Fork(absl::StrCat(node.name(), " ", start)).Next());
  return config;
}

std::optional<absl::Status> ManagedCluster::KeepApplyDelay(const NodeId& node, Nanos per_entry) {
  const bool ends_while_down = per_entry == Nanos(0) && state(node) == NodeState::kDown;
  const absl::Status may = ends_while_down ? absl::OkStatus() : MayChange(node, state(node));
  if (!may.ok()) return may;
  apply_delays_[node] = per_entry;
  return ends_while_down ? std::optional(may) : std::nullopt;
}

void ManagedCluster::NodeWasElected(const NodeId& node, Epoch epoch, Lsn last, Instant when) {
  reports_.Elected(node, epoch, last, when);
  if (!epochs_.Elected(node, epoch)) return;
  router_.Leads(node);
  router_.SendWaiting();
  if (!standing_) return;
  const bool as_wanted = standing_->node.empty() || node == standing_->node;
  EndStanding(as_wanted ? absl::OkStatus()
                        : absl::FailedPreconditionError(absl::StrCat(
                              node.name(), " was elected instead of ", standing_->node.name())));
}

bool ManagedCluster::IsStarted(const CoreDescription& primary) const {
  for (const CoreDescription::Peer& replica : primary.peers) {
    if (!replica.streaming) return false;
  }
  for (size_t site = 0; site < sites().count(); ++site) {
    for (const NodeId& node : nodes_) {
      if (!IsConnected(site, node)) return false;
    }
  }
  return true;
}

// Returns every reachable node except the old primary. The old primary may be the reason for the
// promotion; it learns of the new epoch by itself.
std::vector<NodeId> ManagedCluster::FollowersOf(const NodeId& promoted) const {
  std::vector<NodeId> followers;
  for (const NodeId& node : nodes_) {
    if (node != promoted && node != epochs_.primary() && CanBeTold(node)) followers.push_back(node);
  }
  return followers;
}

void ManagedCluster::PromoteChosen(const NodeId& chosen, Done done) {
  if (chosen.empty()) {
    return done(absl::FailedPreconditionError("there is no live replica to promote"));
  }
  if (absl::Status may = MayChange(chosen, state(chosen)); !may.ok()) return done(may);
  if (elects()) return Stand(chosen, std::move(done));
  const Epoch epoch = epochs_.BeginPromotion(chosen);
  const std::vector<NodeId> followers = FollowersOf(chosen);
  PromoteNode(chosen, epoch, followers,
              [this, chosen, epoch, followers,
               done = std::move(done)](const absl::Status& promoted) mutable {
                if (!epochs_.EndPromotion(chosen, epoch, promoted.ok())) return done(promoted);
                router_.Leads(chosen);
                for (const NodeId& follower : followers) TellToFollow(follower, chosen, epoch);
                router_.SendWaiting();
                done(absl::OkStatus());
              });
}

void ManagedCluster::Stand(const NodeId& chosen, Done done) {
  AwaitElection(chosen, std::move(done), [&](Done told) { TellToStand(chosen, std::move(told)); });
}

// Checks and refusals happen inside a callback of the scheduler, as everything that calls `done`.
void ManagedCluster::SwitchOver(const NodeId& target, Done done) {
  scheduler_->At(scheduler_->Now(), [this, target, done = std::move(done),
                                     alive = std::weak_ptr<bool>(alive_)]() mutable {
    if (alive.expired()) return;
    const NodeId from = primary();
    if (target == from) {
      return done(absl::FailedPreconditionError(absl::StrCat(from.name(), " leads already")));
    }
    if (absl::Status may = MayChange(from, state(from)); !may.ok()) return done(may);
    AwaitElection(target, std::move(done),
                  [&](Done told) { TellToSwitchOver(from, target, std::move(told)); });
  });
}

void ManagedCluster::Demote(const NodeId& node, Done done) {
  scheduler_->At(scheduler_->Now(), [this, node, done = std::move(done),
                                     alive = std::weak_ptr<bool>(alive_)]() mutable {
    if (alive.expired()) return;
    if (absl::Status may = MayChange(node, state(node)); !may.ok()) return done(may);
    TellToStepDown(node, std::move(done));
  });
}

// Ends with the next election. `of`: who must win it; empty: any node.
void ManagedCluster::AwaitElection(const NodeId& of, Done done,
                                   absl::FunctionRef<void(Done told)> tell) {
  if (standing_) {
    return done(absl::FailedPreconditionError("another promotion is in progress"));
  }
  standing_ = Standing{of, std::move(done)};
  const uint64_t number = ++standings_;
  const auto end = [this, number, alive = std::weak_ptr<bool>(alive_)](const absl::Status& status) {
    if (!alive.expired() && standing_ && standings_ == number) EndStanding(status);
  };
  tell([end](const absl::Status& told) {
    if (!told.ok()) end(told);
  });
  scheduler_->At(scheduler_->Now() + kStandPatience, [end, of] {
    end(absl::FailedPreconditionError(
        absl::StrCat(of.empty() ? "no replica" : of.name(), " was not elected in time")));
  });
}

void ManagedCluster::EndStanding(const absl::Status& status) {
  Done done = std::move(standing_->done);
  standing_.reset();
  done(status);
}

}  // namespace replsim
