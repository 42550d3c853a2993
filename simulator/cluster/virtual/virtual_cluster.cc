#include "simulator/cluster/virtual/virtual_cluster.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/answer_once.h"
#include "common/base/check.h"
#include "simulator/cluster/managed/clock_of.h"
#include "simulator/cluster/managed/node_actions.h"
#include "simulator/cluster/managed/promotion_choice.h"
#include "simulator/cluster/managed/scanned_key.h"
#include "simulator/cluster/managed/scenario_links.h"
#include "simulator/cluster/managed/to_bit_flipped.h"

namespace replsim {
namespace {

// About the time in which a live process comes up.
constexpr Nanos kStartUp = Millis(50);

}  // namespace

VirtualCluster::VirtualCluster(const proto::Scenario& scenario, VirtualScheduler* scheduler,
                               const Rng& rng)
    : ManagedCluster(scenario, scheduler, rng),
      scenario_(scenario),
      scheduler_(scheduler),
      network_(everyone().size() + sites().count(), Machine(scenario.machine()), scheduler,
               rng.Fork("network")),
      streams_(&network_, scheduler),
      clients_(everyone().size(), sites().count(), &network_, scheduler),
      starting_(everyone().size()) {
  std::vector<VirtualNode*> all;
  for (size_t i = 0; i < everyone().size(); ++i) {
    const NodeId& id = everyone()[i];
    const VirtualNode::World world{
        scheduler,
        &streams_,
        &clients_,
        Machine(scenario.machine()),
        ClockOf(scenario.machine(), id.name(), VirtualScheduler::kBeginning),
        rng.Fork(absl::StrCat("node ", id.name()))};
    nodes_.push_back(std::make_unique<VirtualNode>(
        id, i, everyone(), world, [this](VirtualNode& node, bool pause) { Fired(node, pause); },
        [this](VirtualNode& node, const std::string& why) { Failed(node, why); },
        [this](VirtualNode& node, std::optional<VirtualNode::Election> elected) {
          ChangedRole(node, elected);
        }));
    all.push_back(nodes_.back().get());
  }
  streams_.SetNodes(all);
  clients_.SetNodes(all);
  clients_.OnOpen([this] { router().SendWaiting(); });
  ForEachLink(scenario, [this](const NodeId& from, const NodeId& to, const LinkSpec& spec) {
    SetLink(from, to, spec);
  });
}

VirtualCluster::~VirtualCluster() = default;

size_t VirtualCluster::IndexOf(const NodeId& id) const {
  const auto it = std::find(everyone().begin(), everyone().end(), id);
  if (it != everyone().end()) return static_cast<size_t>(it - everyone().begin());
  size_t site = 0;
  while (site < sites().count() && sites().end(site) != id) ++site;
  REPL_CHECK(site < sites().count(), "there is no node ", id.name());
  return everyone().size() + site;
}

void VirtualCluster::Later(absl::AnyInvocable<void()> what) {
  scheduler_->At(scheduler_->Now(), [this, what = std::move(what)]() mutable {
    if (!over_) what();
  });
}

void VirtualCluster::Answer(Done done, absl::Status status) {
  Later([done = std::move(done), status = std::move(status)]() mutable { done(status); });
}

// --- the run ---

void VirtualCluster::StartNode(size_t index, Done done) {
  starting_[index] = true;
  const bool as_primary = BeginStart(everyone()[index]);
  proto::NodeConfig config = ConfigFor(everyone()[index]);
  scheduler_->At(scheduler_->Now() + kStartUp, [this, index, as_primary, config = std::move(config),
                                                done = std::move(done)]() mutable {
    if (over_) return;
    const absl::Status status = nodes_[index]->Start(config, as_primary);
    if (!status.ok()) {
      starting_[index] = false;
      return done(status);
    }
    auto started = [this, index, as_primary, done = std::move(done)](absl::Status up) mutable {
      Later([this, index, as_primary, up = std::move(up), done = std::move(done)]() mutable {
        starting_[index] = false;
        if (!up.ok()) return done(up);
        if (!IsWitness(everyone()[index])) clients_.Connect(index);
        reports().Started(everyone()[index], as_primary, scheduler_->Now());
        done(absl::OkStatus());
      });
    };
    // The node is up after its first turn, and leads then if it is the primary. It may die in that
    // turn.
    AnswerOnce answer(std::move(started), everyone()[index].name() + " died while it started");
    nodes_[index]->Do([answer = std::move(answer)](Node&) mutable { answer(absl::OkStatus()); });
  });
}

void VirtualCluster::Start(Done done) {
  StartNode(IndexOf(primary()), [this, done = std::move(done)](absl::Status status) mutable {
    if (!status.ok()) return done(status);
    for (size_t i = 0; i < everyone().size(); ++i) {
      if (everyone()[i] != primary()) StartNode(i, [](const absl::Status&) {});
    }
    AwaitStreaming(std::move(done));
  });
}

void VirtualCluster::AwaitStreaming(Done done) {
  const NodeStatus leader = StatusOf(node(primary()));
  if (IsStarted(leader.core)) return done(absl::OkStatus());
  scheduler_->At(scheduler_->Now() + kStartPoll, [this, done = std::move(done)]() mutable {
    if (!over_) AwaitStreaming(std::move(done));
  });
}

std::string VirtualCluster::running_node() const {
  for (const auto& node : nodes_) {
    if (node->in_turn()) return node->id().name();
  }
  return "none";
}

NodeState VirtualCluster::state(const NodeId& id) const {
  const VirtualNode& node = *nodes_[IndexOf(id)];
  if (starting_[node.index()]) return NodeState::kStarting;
  if (!node.running()) return NodeState::kDown;
  return node.paused() ? NodeState::kPaused : NodeState::kUp;
}

NodeStatus VirtualCluster::StatusOf(const VirtualNode& node) const {
  return {node.core().Describe(), node.store().digest(), node.recovery().cut};
}

void VirtualCluster::Describe(absl::AnyInvocable<void(Statuses)> done) {
  Later([this, done = std::move(done)]() mutable {
    Statuses statuses;
    for (const auto& node : nodes_) {
      if (IsWitness(node->id())) continue;
      if (node->running() && !node->paused()) statuses.emplace_back(node->id(), StatusOf(*node));
    }
    done(std::move(statuses));
  });
}

void VirtualCluster::Scan(const NodeId& id, Scanned done) {
  Later([this, id, done = std::move(done)]() mutable {
    const VirtualNode& node = *nodes_[IndexOf(id)];
    if (!node.running()) return done(NotUp(id, state(id)));
    std::vector<FinalEntry> entries;
    node.store().ForEach([&entries](const std::string& key, const KvStore::Entry& entry) {
      const std::optional<uint32_t> number = NumberOfKey(key);
      if (number) entries.push_back(FinalEntryOf(*number, entry.position, entry.value));
    });
    done(std::move(entries));
  });
}

void VirtualCluster::Disconnect() {
  if (std::exchange(over_, true)) return;
  clients_.Shut();
  DropClients();
}

// --- the faults ---

void VirtualCluster::EndNode(VirtualNode& node) {
  node.Kill();
  epochs().Died(node.id());
}

void VirtualCluster::Kill(const NodeId& id, Done done) {
  if (absl::Status may = MayKill(id, state(id)); !may.ok()) return Answer(std::move(done), may);
  EndNode(node(id));
  Answer(std::move(done), absl::OkStatus());
}

void VirtualCluster::LoseHost(const NodeId& id, Done done) {
  VirtualNode& node = *nodes_[IndexOf(id)];
  if (absl::Status may = MayLose(id, state(id)); !may.ok()) return Answer(std::move(done), may);
  if (node.running()) EndNode(node);
  network_.Lose(node.index());
  streams_.HostLost(node.index());
  Later([this, index = node.index(), done = std::move(done)]() mutable {
    clients_.HostLost(index);
    done(absl::OkStatus());
  });
}

void VirtualCluster::Restart(const NodeId& id, Done done) {
  if (absl::Status may = MayRestart(id, state(id)); !may.ok()) return Answer(std::move(done), may);
  StartNode(IndexOf(id), std::move(done));
}

void VirtualCluster::Pause(const NodeId& id, Done done) {
  if (absl::Status may = MayChange(id, state(id)); !may.ok()) return Answer(std::move(done), may);
  node(id).Pause();
  Answer(std::move(done), absl::OkStatus());
}

void VirtualCluster::Resume(const NodeId& id, Done done) {
  if (absl::Status may = MayResume(id, state(id)); !may.ok()) return Answer(std::move(done), may);
  node(id).Resume();
  Answer(std::move(done), absl::OkStatus());
}

// Returns whether the node's loop is blocked by its own disk for long. Such a node answers only
// afterwards.
bool VirtualCluster::IsBlocked(const VirtualNode& node) const {
  constexpr Nanos kLong = Millis(10);
  return node.busy_until() > scheduler_->Now() + kLong;
}

// Returns when the last candidate has answered, limited by kCandidatePatience.
Instant VirtualCluster::CandidatesKnownAt() const {
  const Instant too_late = scheduler_->Now() + kCandidatePatience;
  Instant known = scheduler_->Now();
  for (const auto& node : nodes_) {
    if (node->id() == primary() || !node->running() || node->paused()) continue;
    if (IsWitness(node->id())) continue;
    if (IsBlocked(*node)) known = std::max(known, std::min(node->busy_until(), too_late));
  }
  return known;
}

void VirtualCluster::Promote(const NodeId& wanted, Done done) {
  const Instant known = wanted.empty() ? CandidatesKnownAt() : scheduler_->Now();
  if (known == scheduler_->Now()) return PromoteNow(wanted, std::move(done));
  scheduler_->At(known, [this, wanted, done = std::move(done)]() mutable {
    if (!over_) PromoteNow(wanted, std::move(done));
  });
}

void VirtualCluster::PromoteNow(const NodeId& wanted, Done done) {
  Describe([this, wanted, done = std::move(done)](Statuses all) mutable {
    std::erase_if(all, [this](const auto& one) { return IsBlocked(*nodes_[IndexOf(one.first)]); });
    PromoteChosen(wanted.empty() ? BestReplica(all) : wanted, std::move(done));
  });
}

bool VirtualCluster::CanBeTold(const NodeId& id) const {
  const VirtualNode& node = *nodes_[IndexOf(id)];
  return node.running() && !node.paused();
}

// Answers outside the node's turn.
void VirtualCluster::PromoteNode(const NodeId& id, Epoch epoch,
                                 const std::vector<NodeId>& followers, Done done) {
  node(id).Promote(epoch, followers, [this, done = std::move(done)](absl::Status status) mutable {
    Answer(std::move(done), std::move(status));
  });
}

void VirtualCluster::TellToFollow(const NodeId& id, const NodeId& primary, Epoch epoch) {
  node(id).Post(FollowRequest{primary, epoch});
}

void VirtualCluster::TellToStand(const NodeId& id, Done done) {
  node(id).Post(StandRequest{});
  Answer(std::move(done), absl::OkStatus());
}

void VirtualCluster::TellToSwitchOver(const NodeId& id, const NodeId& target, Done done) {
  node(id).Post(SwitchoverRequest{target});
  Answer(std::move(done), absl::OkStatus());
}

// Answers outside the node's turn.
void VirtualCluster::TellToStepDown(const NodeId& id, Done done) {
  node(id).GiveUpLead([this, done = std::move(done)](absl::Status status) mutable {
    Answer(std::move(done), std::move(status));
  });
}

// Called inside the node's turn.
void VirtualCluster::ChangedRole(VirtualNode& node, std::optional<VirtualNode::Election> elected) {
  Later([this, id = node.id(), elected, when = scheduler_->Now()] {
    if (!elected) return NodeSteppedDown(id, when);
    NodeWasElected(id, elected->epoch, elected->last, when);
  });
}

void VirtualCluster::LosePower(const NodeId& id, std::optional<uint64_t> torn_seed,
                               PowerLost done) {
  VirtualNode& node = *nodes_[IndexOf(id)];
  if (absl::Status may = MayLose(id, state(id)); !may.ok()) return Answer(std::move(done), may);
  if (node.running()) EndNode(node);
  std::optional<Rng> torn;
  if (torn_seed) torn.emplace(*torn_seed);
  Later([done = std::move(done), lost = node.LosePower(torn ? &*torn : nullptr)]() mutable {
    done(std::move(lost));
  });
}

void VirtualCluster::SetDisk(const NodeId& id, const proto::SetDiskRequest& change, Done done) {
  if (absl::Status may = MaySetDisk(id, state(id), change); !may.ok()) {
    return Answer(std::move(done), may);
  }
  node(id).SetDisk(change);
  Answer(std::move(done), absl::OkStatus());
}

void VirtualCluster::FlipBit(const NodeId& id, Lsn lsn, uint64_t seed,
                             absl::AnyInvocable<void(absl::StatusOr<BitFlipped>)> done) {
  Later([done = std::move(done), flipped = ToBitFlipped(nodes_[IndexOf(id)]->FlipBit(
                                     lsn, Rng(seed)))]() mutable { done(std::move(flipped)); });
}

// As with a failpoint, the node ends at this instant, but only after it has left its turn.
void VirtualCluster::Failed(VirtualNode& node, const std::string& why) {
  Later([this, &node, why, when = scheduler_->Now()] {
    if (!node.running()) return;
    EndNode(node);
    if (node.disk_is_broken() && reports().DiskFailed(node.id(), why, when)) return;
    reports().Died(node.id(), why, when);
  });
}

void VirtualCluster::SetApplyDelay(const NodeId& id, Nanos per_entry, Done done) {
  if (const auto told = KeepApplyDelay(id, per_entry)) return Answer(std::move(done), *told);
  nodes_[IndexOf(id)]->Post(ApplyDelayChanged{per_entry});
  Answer(std::move(done), absl::OkStatus());
}

void VirtualCluster::ArmFailpoint(const NodeId& id, FailpointSpec spec, Done done) {
  if (absl::Status may = MayChange(id, state(id)); !may.ok()) return Answer(std::move(done), may);
  const std::optional<FailpointName> name = ParseFailpoint(spec.point);
  if (!name) {
    return Answer(std::move(done),
                  absl::InvalidArgumentError(absl::StrCat("there is no failpoint ", spec.point)));
  }
  nodes_[IndexOf(id)]->failpoints().Arm({*name, spec.hit, Lsn(spec.lsn), spec.pause});
  Answer(std::move(done), absl::OkStatus());
}

// Called inside the node's turn. The node ends at this instant, but only after it has left the
// turn.
void VirtualCluster::Fired(VirtualNode& node, bool pause) {
  if (pause) node.Pause();
  Later([this, &node, pause, when = scheduler_->Now()] {
    // It was killed in the meantime, so there is nothing to resume.
    if (pause && !node.paused()) return;
    if (!pause && node.running()) EndNode(node);
    reports().FailpointFired(node.id(), pause, when);
  });
}

}  // namespace replsim
