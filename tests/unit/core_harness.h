// A small deterministic cluster around the real cores. Each node has a log and a store in memory;
// links have a fixed delay; a virtual clock jumps from event to event. Tests drive it by hand.
//
// REPL_CHECK verifies the promises of the cores while they run: epochs never fall; logs are dense;
// equal positions have equal bytes and, when applied, equal digests; an answer comes once and only
// at its gate; an answer that says whether a write took effect comes when the write is applied, and
// always says the same; the primary's store shows nothing before the visibility gate.
//
// Links are TCP-like: messages on a cut link wait until it heals, in order. A crash closes the
// node's streams; its peers learn of it when the link lets them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/storage/store/store.h"
#include "primary/core/primary_core.h"
#include "replica/core/replica_core.h"

namespace replsim {

struct HarnessOptions {
  std::string label;  // shown when a check fails
  int replicas = 2;   // ids p, r1, r2, …
  ReplicationKnobs knobs;
  DurabilityKnobs durability;
  TakeOver take_over = TakeOver::kAtOnce;
  Nanos link_delay = Millis(1);
  Nanos write_delay = Micros(10);   // hand-over of an append to the kernel
  Nanos flush_delay = Micros(200);  // fdatasync
  Nanos apply_delay = Micros(5);    // per ApplyRecords
  Nanos replica_apply_delay{0};     // per entry; the core's own setting
  Nanos truncate_delay = Micros(300);
  Nanos heartbeat_interval = Millis(20);
  Nanos heartbeat_timeout = Millis(100);
  SendWindow window;
  uint64_t recent_bytes_max = 8 << 20;
  uint64_t read_bytes_max = 256 << 10;
  bool all_kinds = false;  // writes of every kind, not only puts
};

// The answer to one write.
struct HarnessAnswer {
  AnswerWrite answer;
  Instant at;
  std::string node;
};

class CoreHarness {
 public:
  explicit CoreHarness(HarnessOptions options);
  ~CoreHarness();

  // --- time ---
  Instant now() const { return now_; }
  void Run(Nanos span);

  // --- clients: a request reaches its node at once ---
  // Sends `count` writes in one turn to `node`, by default to the node that became the primary
  // last. Each write has its own client, with the number of the request.
  std::vector<RequestId> Write(int count, const std::string& node = "",
                               Epoch known_epoch = Epoch(0), bool ticket = false);
  RequestId WriteAgain(uint64_t client, const std::string& node = "");  // the client's only request
  RequestId AskTicket(Position ticket, bool watch, const std::string& node = "");
  void Read(const std::string& node, ReadConsistency consistency, Position at_least = {});
  const std::map<RequestId, HarnessAnswer>& answers() const { return answers_; }

  // --- faults ---
  void Cut(const std::string& from, const std::string& to);  // one way
  void Heal(const std::string& from, const std::string& to);
  void HealAll();
  // With `power_loss` unflushed data is lost; otherwise data written to the kernel remains.
  void Crash(const std::string& id, bool power_loss);
  void RestartAsReplica(const std::string& id, const std::string& primary);
  void RestartAsPrimary(const std::string& id);
  // Acts as the controller: `id` leads the next epoch, and the live nodes of `tell` learn it at the
  // same instant. Returns false if the node could not take over.
  bool Promote(const std::string& id, const std::vector<std::string>& tell);
  // Makes a fenced primary follow `primary` without a restart. Returns false if it is not fenced.
  bool BecomeReplica(const std::string& id, const std::string& primary);
  // Returns the live replica with the newest log.
  std::string Best(const std::vector<std::string>& among) const;
  void SetApplyDelay(const std::string& id, Nanos per_entry);

  // --- state ---
  const std::string& primary() const { return primary_; }
  std::vector<std::string> ids() const;
  bool up(const std::string& id) const { return Find(id).core != nullptr; }
  CoreDescription Describe(const std::string& id) const { return Find(id).core->Describe(); }
  Position end_of_log(const std::string& id) const;
  bool Holds(const std::string& id, Position position) const;
  // Returns a client whose request is logged twice; 0: none.
  uint64_t LoggedTwice(const std::string& id) const;
  const KvStore& store(const std::string& id) const { return Find(id).store; }
  uint64_t rolled_back(const std::string& id) const { return Find(id).rolled_back; }
  std::string PeerOf(const std::string& id, StreamId stream);
  // Returns an empty text if every node holds and shows what the primary does; otherwise the node
  // that does not.
  std::string WhyNotConverged() const;

  // Receives every effect when it is executed, and every fault. Used by golden traces.
  std::function<void(const std::string& node, const Effect&)> on_effect;

 private:
  struct Node {
    std::string id;
    std::unique_ptr<Core> core;  // null: down
    uint64_t life = 0;           // number of the start; events of an earlier one are dropped
    bool leads = false;
    bool counts_all = false;       // its sync set began with every replica, not with its followers
    std::vector<std::string> log;  // encoded records; [0] is LSN 1
    std::vector<Position> positions;  // positions of the log's records
    Lsn flushed;
    Epoch epoch;  // persisted
    EpochHistory history;
    KvStore store;
    // Storage: operations of the log run in sequence, and so do those of the store. A truncation
    // waits for both.
    std::map<std::pair<Instant, uint64_t>, std::function<void()>> ops;
    Instant log_busy_until, store_busy_until;
    Lsn handed;  // handed to the log, perhaps not yet written
    std::vector<Event> inbox;
    bool turn_due = false;
    uint64_t timer_version = 0;
    uint64_t rolled_back = 0;
    std::map<AskId, std::string> asked_by;  // requests of other nodes that are not answered yet
    std::map<Stage, std::set<Position>> reached;  // the true progress of this node, never reset
  };
  struct End {
    std::string node;
    uint64_t life = 0;
    StreamId stream;
    bool open = false;
  };
  struct Connection {
    End dialler, listener;
  };
  struct Link {
    bool cut = false;
    std::vector<std::function<void()>> held;
  };

  Node& Find(const std::string& id) { return nodes_.at(id); }
  const Node& Find(const std::string& id) const { return nodes_.at(id); }
  WriteRequest RequestOf(uint64_t client) const;
  void At(Instant when, std::function<void()> what);
  void Transmit(const std::string& from, const std::string& to, std::function<void()> arrive);
  void Post(Node& node, Event event);
  void Turn(Node& node);
  void ArmTimer(Node& node);
  void StartOp(Node& node, Instant done, std::function<void()> run);
  Instant LogTakes(Node& node, Nanos time);
  Instant StoreTakes(Node& node, Nanos time);
  void RunOps(Node& node, Instant until);
  void Settle(Node& node);
  RequestTable RequestsOf(const Node& node) const;
  CoreStart StartOf(const Node& node) const;
  PrimaryOptions ForPrimary(const std::string& id) const;
  ReplicaOptions ForReplica(const std::string& primary) const;
  CoreStart TakeHandOver(Node& node);
  void BeginCore(Node& node, std::unique_ptr<Core> core, bool leads);

  void On(Node& node, AppendLog& e);
  void On(Node& node, const FlushLog&);
  void On(Node& node, const TruncateLog& e);
  void On(Node& node, const ReadRecords& e);
  void On(Node& node, const SaveEpoch& e);
  void On(Node& node, ApplyRecords& e);
  void On(Node& node, const Dial& e);
  void On(Node& node, const Send& e);
  void On(Node& node, const CloseStream& e);
  void On(Node& node, const AskPeer& e);
  void On(Node& node, const AnswerPeer& e);
  // Elections are tested on virtual clusters; here a role changes only when the test says so.
  void On(Node&, const Lead&) {}
  void On(Node&, const StepDown&) {}
  void On(Node& node, const AnswerWrite& e);
  void On(Node& node, const AnswerRead& e);
  void On(Node&, const PassedGate&) {}
  void On(Node&, const Trace&) {}

  void WriteRecords(Node& node, const RecordBatch& batch);
  void FlushTo(Node& node, Lsn last);
  void CutLog(Node& node, Lsn last);
  void ApplyTo(Node& node, Lsn last);
  void Reached(Node& node, Stage stage, Position position);
  void CloseEnd(Connection& connection, End& mine, End& theirs);
  std::pair<Connection*, End*> EndOf(const Node& node, StreamId stream);

  // Verifies the visibility gate against the stages that the nodes really reached.
  void CheckTurn(const Node& node) const;
  bool ReallyReached(const std::string& primary, Stage stage, Position position) const;

  const HarnessOptions options_;
  Instant now_ = FromNanos(0);
  uint64_t sequence_ = 0;
  std::map<std::pair<Instant, uint64_t>, std::function<void()>> queue_;
  uint64_t asks_ = 0;  // numbers the requests between nodes
  std::map<std::string, Node> nodes_;
  std::map<std::pair<std::string, std::string>, Link> links_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::string primary_{"p"};
  Epoch last_epoch_{0};
  uint64_t next_request_ = 1;
  uint64_t next_inbound_ = 1'000'000;  // disjoint from the ids that replica cores assign
  std::map<RequestId, HarnessAnswer> answers_;
  std::map<Position, std::string> bytes_at_;  // same position, same bytes
  std::map<Position, uint64_t> digest_at_;    // equal applied positions, equal digests
  std::map<Position, bool> took_effect_;      // same position, same outcome
};

}  // namespace replsim
