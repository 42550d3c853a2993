#include "simulator/cluster/virtual/virtual_cluster.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/answer_once.h"
#include "common/base/check.h"
#include "common/config/disk_convert.h"
#include "simulator/cluster/managed/convergence.h"
#include "simulator/cluster/managed/node_knobs.h"
#include "simulator/cluster/managed/where_flipped.h"

namespace replsim {
namespace {

// A process comes up in about this time live.
constexpr Nanos kStartUp = Millis(50);
constexpr Nanos kPoll = Millis(5);

std::vector<NodeId> NodesOf(const proto::Scenario& scenario) {
  std::vector<NodeId> ids = {NodeId("p")};
  for (uint32_t i = 1; i <= scenario.cluster().replicas(); ++i)
    ids.emplace_back(absl::StrCat("r", i));
  return ids;
}

absl::Status IsStarting(const NodeId& id) {
  return absl::FailedPreconditionError(absl::StrCat(id.name(), " is starting"));
}

absl::Status NotUp(const NodeId& id) {
  return absl::FailedPreconditionError(absl::StrCat(id.name(), " is not running"));
}

}  // namespace

VirtualCluster::VirtualCluster(const proto::Scenario& scenario, VirtualScheduler* scheduler,
                               const Rng& rng)
    : scenario_(scenario),
      scheduler_(scheduler),
      ids_(NodesOf(scenario)),
      sites_(scenario.cluster(), ids_),
      network_(ids_.size() + sites_.count(), Machine(scenario.machine()), scheduler,
               rng.Fork("network")),
      streams_(&network_, scheduler),
      clients_(ids_.size(), sites_.count(), &network_, scheduler),
      starting_(ids_.size()) {
  for (size_t site = 0; site < sites_.count(); ++site) {
    waiting_.push_back(std::make_unique<WriteBacklog>(scheduler));
  }
  std::vector<VirtualNode*> nodes;
  for (size_t i = 0; i < ids_.size(); ++i) {
    const VirtualNode::World world{scheduler,
                                   &streams_,
                                   &clients_,
                                   Machine(scenario.machine()),
                                   NodeClock(scenario.machine(), ids_[i].name()),
                                   rng.Fork(absl::StrCat("node ", ids_[i].name()))};
    nodes_.push_back(std::make_unique<VirtualNode>(
        ids_[i], i, ids_, world, [this](VirtualNode& node, bool pause) { Fired(node, pause); },
        [this](VirtualNode& node, const std::string& why) { Failed(node, why); }));
    nodes.push_back(nodes_.back().get());
  }
  streams_.SetNodes(nodes);
  clients_.SetNodes(nodes);
  clients_.OnOpen([this] { SendWaiting(); });
  for (const proto::Link& link : scenario.network()) {
    const LinkSpec spec = LinkSpecOf(link);
    for (const std::string& from : link.from()) {
      for (const std::string& to : link.to()) SetLink(NodeId(from), NodeId(to), spec);
    }
  }
}

VirtualCluster::~VirtualCluster() = default;

size_t VirtualCluster::IndexOf(const NodeId& id) const {
  const auto it = std::find(ids_.begin(), ids_.end(), id);
  if (it != ids_.end()) return static_cast<size_t>(it - ids_.begin());
  size_t site = 0;
  while (site < sites_.count() && sites_.end(site) != id) ++site;
  REPL_CHECK(site < sites_.count(), "there is no node ", id.name());
  return ids_.size() + site;
}

void VirtualCluster::Later(absl::AnyInvocable<void()> what) {
  scheduler_->At(scheduler_->Now(), [this, what = std::move(what)]() mutable {
    if (!over_) what();
  });
}

void VirtualCluster::Answer(Done done, absl::Status status) {
  Later([done = std::move(done), status = std::move(status)]() mutable { done(status); });
}

void VirtualCluster::Emit(proto::RunEvent::Kind kind, const NodeId& node, std::string detail) {
  proto::RunEvent event;
  event.set_time_ns(ToNanos(scheduler_->Now()));
  event.set_kind(kind);
  event.set_node(node.name());
  event.set_detail(std::move(detail));
  if (events_) events_(event);
}

// --- the run ---

NodeId VirtualCluster::NextPrimary() const {
  const bool under_way = promoting_ && nodes_[promoting_->index]->running();
  return under_way ? ids_[promoting_->index] : primary();
}

proto::NodeConfig VirtualCluster::ConfigOf(size_t index) const {
  proto::NodeConfig config;
  config.set_id(ids_[index].name());
  for (const NodeId& id : ids_) config.add_nodes(id.name());
  config.set_primary(NextPrimary().name());
  SetKnobs(scenario_, ids_[index], &config);
  config.set_epoch_floor(highest_epoch_.value());
  return config;
}

void VirtualCluster::StartNode(size_t index, Done done) {
  starting_[index] = true;
  // Every epoch is handed out here or by a promotion, and none of them twice, whatever becomes of
  // who has it. An epoch handed out here during a promotion would be above the one of the promoted
  // node, and fence it.
  const bool as_primary = ids_[index] == NextPrimary();
  if (as_primary) primary_epoch_ = highest_epoch_ = highest_epoch_ + 1;
  scheduler_->At(scheduler_->Now() + kStartUp, [this, index, as_primary, config = ConfigOf(index),
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
        clients_.Connect(index);
        Emit(proto::RunEvent::STARTED, ids_[index], as_primary ? "primary" : "replica");
        done(absl::OkStatus());
      });
    };
    // Up when it has done its first turn: it leads then, if it is to. It may die in it.
    AnswerOnce answer(std::move(started), ids_[index].name() + " died while it started");
    nodes_[index]->Do([answer = std::move(answer)](Node&) mutable { answer(absl::OkStatus()); });
  });
}

void VirtualCluster::Start(Done done) {
  StartNode(primary_, [this, done = std::move(done)](absl::Status status) mutable {
    if (!status.ok()) return done(status);
    for (size_t i = 0; i < ids_.size(); ++i) {
      if (i != primary_) StartNode(i, [](const absl::Status&) {});
    }
    AwaitStreaming(std::move(done));
  });
}

void VirtualCluster::AwaitStreaming(Done done) {
  const NodeStatus leader = StatusOf(*nodes_[primary_]);
  highest_epoch_ = std::max(highest_epoch_, leader.core.epoch);
  bool ready = true;
  for (const CoreDescription::Peer& peer : leader.core.peers) ready &= peer.streaming;
  for (size_t site = 0; site < sites_.count(); ++site) {
    for (size_t i = 0; i < ids_.size(); ++i) ready &= clients_.open(site, i);
  }
  if (ready) return done(absl::OkStatus());
  scheduler_->At(scheduler_->Now() + kPoll, [this, done = std::move(done)]() mutable {
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
      if (node->running() && !node->paused()) statuses.emplace_back(node->id(), StatusOf(*node));
    }
    done(std::move(statuses));
  });
}

void VirtualCluster::Scan(const NodeId& id, Scanned done) {
  Later([this, id, done = std::move(done)]() mutable {
    const VirtualNode& node = *nodes_[IndexOf(id)];
    if (!node.running()) return done(NotUp(id));
    std::vector<FinalEntry> entries;
    node.store().ForEach([&entries](const std::string& key, const KvStore::Entry& entry) {
      uint32_t index = 0;
      // Keys are k0000 … as the load generator names them (history.h).
      if (!absl::SimpleAtoi(absl::string_view(key).substr(1), &index)) return;
      entries.push_back(FinalEntryOf(index, entry.position, entry.value));
    });
    done(std::move(entries));
  });
}

void VirtualCluster::Disconnect() {
  if (std::exchange(over_, true)) return;
  clients_.Shut();
  for (const auto& waiting : waiting_) waiting->Drop();
}

// --- the faults ---

void VirtualCluster::Kill(const NodeId& id, Done done) {
  VirtualNode& node = *nodes_[IndexOf(id)];
  if (starting_[node.index()]) return Answer(std::move(done), IsStarting(id));
  if (!node.running()) return Answer(std::move(done), NotUp(id));
  node.Kill();
  Answer(std::move(done), absl::OkStatus());
}

void VirtualCluster::LoseHost(const NodeId& id, Done done) {
  VirtualNode& node = *nodes_[IndexOf(id)];
  if (starting_[node.index()]) return Answer(std::move(done), IsStarting(id));
  if (node.running()) node.Kill();
  network_.Lose(node.index());
  streams_.HostLost(node.index());
  Later([this, index = node.index(), done = std::move(done)]() mutable {
    clients_.HostLost(index);
    done(absl::OkStatus());
  });
}

void VirtualCluster::Restart(const NodeId& id, Done done) {
  const size_t index = IndexOf(id);
  if (starting_[index]) return Answer(std::move(done), IsStarting(id));
  if (nodes_[index]->running()) {
    return Answer(std::move(done),
                  absl::FailedPreconditionError(absl::StrCat(id.name(), " is running")));
  }
  StartNode(index, std::move(done));
}

void VirtualCluster::Pause(const NodeId& id, Done done) {
  VirtualNode& node = *nodes_[IndexOf(id)];
  if (state(id) != NodeState::kUp) return Answer(std::move(done), NotUp(id));
  node.Pause();
  Answer(std::move(done), absl::OkStatus());
}

void VirtualCluster::Resume(const NodeId& id, Done done) {
  VirtualNode& node = *nodes_[IndexOf(id)];
  if (!node.running() || !node.paused()) {
    return Answer(std::move(done),
                  absl::FailedPreconditionError(absl::StrCat(id.name(), " is not paused")));
  }
  node.Resume();
  Answer(std::move(done), absl::OkStatus());
}

// Whether the node's loop has been blocked for long, by its own disk: what it is asked it answers
// afterwards.
bool VirtualCluster::IsBlocked(const VirtualNode& node) const {
  constexpr Nanos kLong = Millis(10);
  return node.busy_until() > scheduler_->Now() + kLong;
}

// When the last of the candidates has answered, or it is too late for that.
Instant VirtualCluster::CandidatesKnownAt() const {
  const Instant too_late = scheduler_->Now() + kCandidatePatience;
  Instant known = scheduler_->Now();
  for (const auto& node : nodes_) {
    if (node->index() == primary_ || !node->running() || node->paused()) continue;
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
    highest_epoch_ = std::max(highest_epoch_, HighestEpoch(all));
    std::erase_if(all, [this](const auto& one) { return IsBlocked(*nodes_[IndexOf(one.first)]); });
    const NodeId chosen = wanted.empty() ? BestReplica(all) : wanted;
    if (chosen.empty()) {
      return done(absl::FailedPreconditionError("there is no live replica to promote"));
    }
    if (state(chosen) != NodeState::kUp) return done(NotUp(chosen));
    highest_epoch_ = highest_epoch_ + 1;
    PromoteNode(IndexOf(chosen), highest_epoch_, std::move(done));
  });
}

void VirtualCluster::PromoteNode(size_t index, Epoch epoch, Done done) {
  std::vector<NodeId> followers;
  for (const auto& node : nodes_) {
    if (node->index() != index && node->index() != primary_ && node->running() && !node->paused())
      followers.push_back(node->id());
  }
  // The answer is given outside the node's turn.
  auto promoted = [this, index, epoch, followers,
                   done = std::move(done)](absl::Status status) mutable {
    Later([this, index, epoch, followers, status = std::move(status),
           done = std::move(done)]() mutable {
      if (promoting_ && promoting_->epoch == epoch) promoting_.reset();
      if (!status.ok()) return done(status);
      // Of two that were under way the higher epoch leads, whichever is ready first.
      if (epoch < primary_epoch_) return done(absl::OkStatus());
      primary_epoch_ = epoch;
      primary_ = index;
      sites_.Leads(ids_[index]);
      for (const NodeId& follower : followers) {
        nodes_[IndexOf(follower)]->Post(FollowRequest{primary(), epoch});
      }
      SendWaiting();
      done(absl::OkStatus());
    });
  };
  promoting_ = {index, epoch};
  nodes_[index]->Promote(epoch, std::move(followers), std::move(promoted));
}

void VirtualCluster::LosePower(const NodeId& id, std::optional<uint64_t> torn_seed,
                               PowerLost done) {
  VirtualNode& node = *nodes_[IndexOf(id)];
  if (starting_[node.index()]) {
    return Later([id, done = std::move(done)]() mutable { done(IsStarting(id)); });
  }
  if (node.running()) node.Kill();
  std::optional<Rng> torn;
  if (torn_seed) torn.emplace(*torn_seed);
  Later([done = std::move(done), lost = node.LosePower(torn ? &*torn : nullptr)]() mutable {
    done(std::move(lost));
  });
}

void VirtualCluster::SetDisk(const NodeId& id, const proto::SetDiskRequest& change, Done done) {
  if (state(id) != NodeState::kUp && IsOfTheMoment(change)) {
    return Answer(std::move(done), absl::UnavailableError(absl::StrCat(
                                       id.name(), " is not running, so no flush can fail")));
  }
  nodes_[IndexOf(id)]->SetDisk(change);
  Answer(std::move(done), absl::OkStatus());
}

void VirtualCluster::FlipBit(const NodeId& id, Lsn lsn, uint64_t seed,
                             absl::AnyInvocable<void(absl::StatusOr<BitFlipped>)> done) {
  Later([done = std::move(done), flipped = WhereFlipped(nodes_[IndexOf(id)]->FlipBit(
                                     lsn, Rng(seed)))]() mutable { done(std::move(flipped)); });
}

// As with a failpoint, the node ends at this instant, but not before its turn has been left.
void VirtualCluster::Failed(VirtualNode& node, const std::string& why) {
  Later([this, &node, why, when = scheduler_->Now()] {
    if (!node.running()) return;
    node.Kill();
    if (node.disk_is_broken() && node_failed_) return node_failed_(node.id(), why, when);
    Emit(proto::RunEvent::EXITED, node.id(), why);
  });
}

void VirtualCluster::SetApplyDelay(const NodeId& id, Nanos per_entry, Done done) {
  if (state(id) != NodeState::kUp) return Answer(std::move(done), NotUp(id));
  nodes_[IndexOf(id)]->Post(ApplyDelayChanged{per_entry});
  Answer(std::move(done), absl::OkStatus());
}

void VirtualCluster::ArmFailpoint(const NodeId& id, FailpointSpec spec, Done done) {
  if (state(id) != NodeState::kUp) return Answer(std::move(done), NotUp(id));
  const std::optional<FailpointName> name = ParseFailpoint(spec.point);
  if (!name) {
    return Answer(std::move(done),
                  absl::InvalidArgumentError(absl::StrCat("there is no failpoint ", spec.point)));
  }
  nodes_[IndexOf(id)]->failpoints().Arm({*name, spec.hit, Lsn(spec.lsn), spec.pause});
  Answer(std::move(done), absl::OkStatus());
}

// Inside the node's turn: it ends at this instant, but not before the turn has been left.
void VirtualCluster::Fired(VirtualNode& node, bool pause) {
  if (pause) node.Pause();
  Later([this, &node, pause, when = scheduler_->Now()] {
    // Killed meanwhile: there is nothing left to resume.
    if (pause && !node.paused()) return;
    if (!pause && node.running()) node.Kill();
    if (failpoint_fired_) failpoint_fired_(node.id(), pause, when);
  });
}

}  // namespace replsim
