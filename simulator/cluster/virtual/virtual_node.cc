#include "simulator/cluster/virtual/virtual_node.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/answer_once.h"
#include "common/base/check.h"
#include "common/base/status.h"
#include "common/config/disk_convert.h"
#include "common/election/witness_core.h"
#include "primary/config/primary_options.h"
#include "replica/config/replica_options.h"
#include "simulator/cluster/virtual/virtual_clients.h"
#include "simulator/cluster/virtual/virtual_streams.h"

namespace replsim {

VirtualNode::VirtualNode(NodeId id, size_t index, std::vector<NodeId> nodes, World world,
                         OnFire on_fire, OnFail on_fail, OnRole on_role)
    : id_(std::move(id)),
      index_(index),
      nodes_(std::move(nodes)),
      world_(std::move(world)),
      on_fire_(std::move(on_fire)),
      on_fail_(std::move(on_fail)),
      on_role_(std::move(on_role)),
      rng_(world_.rng.Fork("writes")),
      files_(memory_, notes_, faults_,
             {[this] { busy_until_ += world_.machine.write.Draw(rng_); }, nullptr}) {}

VirtualNode::~VirtualNode() = default;

VirtualNode::Process::Process(Node::Options options, NodeStorage recovered, TraceSink* trace,
                              IoModel io, VirtualNode* self)
    : storage(std::move(recovered)),
      node(std::move(options), storage, *self, failpoints, trace, *self),
      disk(storage.log(), {io, self->world_.machine.flush, self->world_.machine.replica_flush},
           self->faults_, self->world_.rng.Fork(absl::StrCat("disk ", self->life_)),
           self->world_.scheduler, {&node, self, &self->busy_until_}) {}

// --- its life ---

absl::Status VirtualNode::Start(const proto::NodeConfig& config, bool as_primary) {
  REPL_CHECK(!running(), id_.name(), " is already running");
  LogOptions log = ToLogOptions(config.durability(), /*truncate_corruption=*/!as_primary);
  log.prewrite_bytes = 0;  // prewriting spares a real disk work; here it would only cost memory
  faults_.FailFlushes(0);  // drops the failures meant for the previous process
  REPL_ASSIGN_OR_RETURN(NodeStorage storage, NodeStorage::Open(files_, folder(), log));
  REPL_ASSIGN_OR_RETURN(PrimaryOptions primary, ToPrimaryOptions(config));
  REPL_ASSIGN_OR_RETURN(ReplicaOptions replica, ToReplicaOptions(config));
  Node::Options options;
  options.id = id_;
  options.nodes = nodes_;
  options.acks_tell_flush = replica.durability.sync != Sync::kOs;
  options.steps_per_check = 1;
  ++life_;
  turn_scheduled_ = false;
  timer_ = kNever;
  busy_until_ = world_.scheduler->Now();
  process_ =
      std::make_unique<Process>(std::move(options), std::move(storage),
                                config.record() ? &trace_ : nullptr, primary.durability.io, this);
  Node::Cores cores;
  cores.primary = [this, primary](const CoreStart& from, Epoch epoch,
                                  std::vector<NodeId> followers) -> std::unique_ptr<Core> {
    return std::make_unique<PrimaryCore>(Promoted(primary, std::move(followers)), from, epoch,
                                         Now());
  };
  cores.replica = [this, replica](const CoreStart& from,
                                  const NodeId& follows) -> std::unique_ptr<Core> {
    ReplicaOptions again = replica;
    again.primary = follows;
    return std::make_unique<ReplicaCore>(std::move(again), from, Now());
  };
  const CoreStart start = process_->node.start();
  std::unique_ptr<Core> core;
  if (config.role() == proto::NodeConfig::WITNESS) {
    core = std::make_unique<WitnessCore>(std::move(replica.election), start, Now());
    cores = {};
  } else if (as_primary) {
    const Epoch epoch = std::max(start.epoch + 1, Epoch(config.epoch_floor()));
    core = std::make_unique<PrimaryCore>(std::move(primary), start, epoch, Now());
  } else {
    core = std::make_unique<ReplicaCore>(std::move(replica), start, Now());
  }
  process_->node.Run(std::move(core), as_primary, std::move(cores));
  process_->node.SetWallClock(wall_clock_);
  Post(TimerFired{});
  return absl::OkStatus();
}

void VirtualNode::Kill() {
  world_.streams->Died(index_);
  world_.clients->Died(index_);
  process_.reset();
  paused_ = resuming_ = fired_ = false;
  ++life_;
}

void VirtualNode::SetDisk(const proto::SetDiskRequest& change) {
  disk_is_broken_ = disk_is_broken_ || !change.heal();
  const std::string purpose = absl::StrCat("disk change ", ++disk_changes_);
  Break(change, world_.rng.Fork(purpose), world_.scheduler->Now(), &faults_);
}

absl::StatusOr<FlippedBit> VirtualNode::FlipBit(Lsn lsn, const Rng& rng) {
  disk_is_broken_ = true;
  return replsim::FlipBit(memory_, absl::StrCat(folder(), "/log"), lsn, rng);
}

void VirtualNode::Resume() {
  paused_ = false;
  resuming_ = true;
  if (std::exchange(fired_, false)) {
    process_->node.Resume();
    process_->disk.Resume();
  }
  ScheduleTurn();
}

void VirtualNode::SetWallClock(Nanos ahead, double drift) {
  wall_clock_ = {ahead, drift, Now()};
  Do([clock = wall_clock_](Node& node) { node.SetWallClock(clock); });
}

void VirtualNode::Fire(bool pause) {
  fired_ = true;
  on_fire_(*this, pause);
}

void VirtualNode::Promote(Epoch epoch, std::vector<NodeId> followers,
                          absl::AnyInvocable<void(absl::Status)> done) {
  // The node may die before its next turn.
  AnswerOnce answer(std::move(done), id_.name() + " died before it became primary");
  Do([epoch, followers = std::move(followers), answer = std::move(answer)](Node& node) mutable {
    node.Promote(epoch, std::move(followers), std::move(answer));
  });
}

void VirtualNode::BecomeReplica(const NodeId& primary,
                                absl::AnyInvocable<void(absl::Status)> done) {
  AnswerOnce answer(std::move(done), id_.name() + " died before it became a replica");
  Do([primary, answer = std::move(answer)](Node& node) mutable {
    node.BecomeReplica(primary, std::move(answer));
  });
}

void VirtualNode::GiveUpLead(absl::AnyInvocable<void(absl::Status)> done) {
  AnswerOnce answer(std::move(done), id_.name() + " died before it stopped leading");
  Do([answer = std::move(answer)](Node& node) mutable { answer(node.GiveUpLead()); });
}

// --- its processor ---

void VirtualNode::Post(Event event) { Add(std::move(event)); }
void VirtualNode::Do(Node::Work work) { Add(std::move(work)); }

void VirtualNode::Add(Node::Item item) {
  if (!running()) return;
  process_->node.Add(std::move(item));
  ++added_;
  ScheduleTurn();
}

void VirtualNode::ScheduleTurn() {
  if (turn_scheduled_ || paused_ || fired_ || !running()) return;
  turn_scheduled_ = true;
  const Instant now = world_.scheduler->Now();
  const bool idle = busy_until_ <= now && process_->disk.awake_at() != now;
  const Instant when = duty_.NextRunning(idle ? now + world_.machine.wake : busy_until_);
  world_.scheduler->At(when, [this, life = life_] {
    if (life != life_) return;
    turn_scheduled_ = false;
    if (!paused_ && !fired_) Turn();
  });
}

void VirtualNode::Turn() {
  busy_until_ = duty_.After(world_.scheduler->Now(),
                            world_.machine.work * static_cast<int64_t>(std::exchange(added_, 0)));
  in_turn_ = true;
  process_->node.Turn();
  in_turn_ = false;
  if (!fired_) SetTimer();
  if (resuming_) {
    world_.scheduler->At(busy_until_, [this, life = life_] {
      if (life == life_ && !paused_) EndResume();
    });
  }
}

void VirtualNode::EndResume() {
  if (!std::exchange(resuming_, false)) return;
  world_.streams->ReadsAgain(index_);
}

Instant VirtualNode::Work() { return busy_until_ = duty_.After(busy_until_, world_.machine.work); }

void VirtualNode::SetTimer() {
  const Instant when = world_.clock.Global(process_->node.NextTimer());
  // A wake-up that is scheduled earlier checks again.
  if (when >= timer_) return;
  timer_ = when;
  world_.scheduler->At(when, [this, life = life_, when] {
    if (life == life_) OnTimer(when);
  });
}

void VirtualNode::OnTimer(Instant when) {
  if (when != timer_) return;  // an earlier wake-up has checked
  timer_ = kNever;
  if (paused_ || fired_) return Post(TimerFired{});
  if (process_->node.NextTimer() > Now()) return SetTimer();
  Post(TimerFired{});
}

// --- messages to the outside ---

size_t VirtualNode::IndexOf(const NodeId& id) const {
  const auto it = std::find(nodes_.begin(), nodes_.end(), id);
  REPL_CHECK(it != nodes_.end(), "there is no node ", id.name());
  return static_cast<size_t>(it - nodes_.begin());
}

void VirtualNode::Dial(StreamId stream, const NodeId& primary) {
  world_.streams->Dial(index_, stream, IndexOf(primary), Work());
}
void VirtualNode::Send(StreamId stream, Message message) {
  world_.streams->Send(index_, stream, std::move(message), Work());
}
void VirtualNode::Close(StreamId stream) { world_.streams->Close(index_, stream, Work()); }
void VirtualNode::AskPeer(const NodeId& peer, const PeerRequest& request) {
  world_.streams->Ask(index_, IndexOf(peer), request, Work());
}
void VirtualNode::AnswerPeer(AskId ask, const PeerAnswer& answer) {
  world_.streams->AnswerAsk(index_, ask, answer, Work());
}
void VirtualNode::Answer(const AnswerWrite& answer) {
  world_.clients->Answer(index_, answer, Work());
}
void VirtualNode::Answer(const AnswerRead& answer, const KvStore::Entry* entry, Position) {
  world_.clients->Answer(index_, answer, entry, Work());
}

void VirtualNode::AfterSent(absl::AnyInvocable<void()> then) {
  world_.scheduler->At(busy_until_, [this, life = life_, then = std::move(then)]() mutable {
    if (life == life_) then();
  });
}

}  // namespace replsim
