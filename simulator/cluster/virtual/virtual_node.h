// One node of a virtual cluster: the process (common/node/node.h around a core), its disk,
// processor and stage trace. A kill ends the process and keeps the disk and the trace. A pause
// keeps the process, and nothing happens in it.
//
// After a pause the node first handles the client requests that arrived meanwhile, in a turn of
// their own; messages of its peers come after that turn. A live node reads its sockets in any
// order. This order shows the acknowledgements that an old primary gives before it hears of its
// successor.
//
// The processor is one queue. A turn begins when the node is woken or free again and takes every
// event that has arrived by then; its messages leave as the work is done. So events that arrive
// together are handled together, and a busy node answers later.
//
// Single-threaded, under the scheduler.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/base/node_clock.h"
#include "common/node/node.h"
#include "common/storage/disk/bit_flip.h"
#include "common/storage/disk/node_disk.h"
#include "common/storage/disk/power_loss.h"
#include "common/storage/file/memory_file_system.h"
#include "primary/core/primary_core.h"
#include "protos/control.pb.h"
#include "replica/core/replica_core.h"
#include "simulator/cluster/managed/duty_cycle.h"
#include "simulator/cluster/virtual/machine.h"
#include "simulator/cluster/virtual/virtual_disk.h"
#include "simulator/cluster/virtual/virtual_scheduler.h"

namespace replsim {

class VirtualClients;
class VirtualStreams;

class VirtualNode final : private NodeHost, private Outside {
 public:
  struct World {
    VirtualScheduler* scheduler;
    VirtualStreams* streams;
    VirtualClients* clients;
    Machine machine;
    NodeClock clock;
    Rng rng;
  };
  // Called inside the node's turn when a failpoint has ended the node, or stopped it (`pause`).
  using OnFire = std::function<void(VirtualNode& node, bool pause)>;

  // Called inside the node's turn when the node has ended itself because its storage failed.
  using OnFail = std::function<void(VirtualNode& node, const std::string& why)>;
  // Called inside the node's turn when it was elected and leads, or has stopped leading (absent).
  struct Election {
    Epoch epoch;
    Lsn last;
  };
  using OnRole = std::function<void(VirtualNode& node, std::optional<Election> elected)>;

  VirtualNode(NodeId id, size_t index, std::vector<NodeId> nodes, World world, OnFire on_fire,
              OnFail on_fail, OnRole on_role);
  ~VirtualNode() override;

  const NodeId& id() const { return id_; }
  size_t index() const { return index_; }
  bool running() const { return process_ != nullptr; }  // also while paused
  bool paused() const { return paused_; }
  bool reads_peers() const { return !paused_ && !resuming_; }
  bool in_turn() const { return in_turn_; }

  // --- its life ---
  // Recovers the files and runs with `config`.
  absl::Status Start(const proto::NodeConfig& config, bool as_primary);
  void Kill();
  // Truncates the files to what has been flushed. The node must be down.
  absl::StatusOr<uint64_t> LosePower(Rng* torn) {
    return replsim::LosePower(memory_, notes_, folder(), torn);
  }
  void SetDisk(const proto::SetDiskRequest& change);
  bool disk_is_broken() const { return disk_is_broken_; }
  absl::StatusOr<FlippedBit> FlipBit(Lsn lsn, const Rng& rng);
  void Pause() { paused_ = true; }
  void Resume();
  // Both belong to the machine and survive a restart.
  void SetShare(double share) { duty_ = DutyCycle(share, world_.scheduler->Now()); }
  void SetWallClock(Nanos ahead, double drift);

  // --- while it runs; ignored otherwise ---
  void Post(Event event) override;
  void Do(Node::Work work);
  // Becomes the primary of `epoch` (Node::Promote). `done` is called in a turn of the node, or when
  // it dies.
  void Promote(Epoch epoch, std::vector<NodeId> followers,
               absl::AnyInvocable<void(absl::Status)> done);
  // A fenced primary follows `primary` from now on (Node::BecomeReplica). `done` as in Promote.
  void BecomeReplica(const NodeId& primary, absl::AnyInvocable<void(absl::Status)> done);

  // Stops leading (Node::GiveUpLead). `done` as in Promote.
  void GiveUpLead(absl::AnyInvocable<void(absl::Status)> done);

  const Core& core() const { return process_->node.core(); }
  const KvStore& store() const { return process_->node.store(); }
  const Recovery& recovery() const { return process_->storage.recovery(); }
  Failpoints& failpoints() { return process_->failpoints; }
  // When the work accepted so far will be done.
  Instant busy_until() const { return busy_until_; }

  // --- the remains of its process ---
  FileSystem& files() { return memory_; }
  static const char* folder() { return "node"; }
  std::vector<TraceRecord> TakeTrace() { return std::move(trace_.records); }
  // Ends the process for good and frees its memory.
  void Discard() { process_.reset(); }

 private:
  struct TraceVector final : TraceSink {
    void Add(const TraceRecord& record) override { records.push_back(record); }
    std::vector<TraceRecord> records;
  };
  struct Process {
    Process(Node::Options options, NodeStorage recovered, TraceSink* trace, IoModel io,
            VirtualNode* self);
    NodeStorage storage;
    Failpoints failpoints;
    Node node;
    VirtualDisk disk;
  };

  // --- NodeHost ---
  Instant Now() const override { return world_.clock.Local(world_.scheduler->Now()); }
  Instant TraceTime() const override { return world_.scheduler->Now(); }
  Instant LoopTime() const override { return busy_until_; }
  LogDevice& log_device() override { return process_->disk; }
  void Fire(bool pause) override;
  void Fail(const std::string& why) override { on_fail_(*this, why); }
  void Elected(Epoch epoch, Lsn last) override { on_role_(*this, Election{epoch, last}); }
  void SteppedDown() override { on_role_(*this, std::nullopt); }

  // --- Outside ---
  void Dial(StreamId stream, const NodeId& primary) override;
  void Send(StreamId stream, Message message) override;
  void Close(StreamId stream) override;
  void AskPeer(const NodeId& peer, const PeerRequest& request) override;
  void AnswerPeer(AskId ask, const PeerAnswer& answer) override;
  void Answer(const AnswerWrite& answer) override;
  void Answer(const AnswerRead& answer, const KvStore::Entry* entry, Position applied) override;
  void EndTurn() override {}
  void AfterSent(absl::AnyInvocable<void()> then) override;

  void Add(Node::Item item);
  void ScheduleTurn();
  void Turn();
  void EndResume();
  void SetTimer();
  void OnTimer(Instant when);
  Instant Work();  // charges one more piece of work; returns when it is done
  size_t IndexOf(const NodeId& id) const;

  const NodeId id_;
  const size_t index_;
  const std::vector<NodeId> nodes_;
  const World world_;
  const OnFire on_fire_;
  const OnFail on_fail_;
  const OnRole on_role_;
  Rng rng_;

  MemoryFileSystem memory_;
  MemoryDurableExtents notes_;
  DiskFaults faults_;
  NodeDisk files_;
  bool disk_is_broken_ = false;  // had a disk fault at least once
  uint64_t disk_changes_ = 0;
  TraceVector trace_;
  DutyCycle duty_;
  WallClock wall_clock_;
  std::unique_ptr<Process> process_;  // null: down
  uint64_t life_ = 0;  // number of the process; callbacks of an earlier one do nothing
  bool paused_ = false;
  bool resuming_ = false;  // from the end of a pause until its first turn is done
  bool fired_ = false;     // stopped by a failpoint; nothing happens until a kill or a resume
  bool turn_scheduled_ = false;
  bool in_turn_ = false;
  uint64_t added_ = 0;  // events added since the last turn
  Instant busy_until_;
  Instant timer_ = kNever;  // the earliest scheduled wake-up
};

}  // namespace replsim
