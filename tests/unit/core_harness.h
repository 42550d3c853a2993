// A small deterministic cluster around the real cores: one node per id, each with a log and a store
// in memory, links with a fixed delay between them, and a virtual clock that jumps from event to
// event. Tests drive it by hand; everything that the cores promise to each other and to clients is
// checked after every turn of every node (DESIGN §11, 1-5), with REPL_CHECK.
//
// Links are TCP-like: what is sent over a cut link waits until it is healed, in order. A crash
// closes the streams of the node; its peers learn of that when the link lets them.
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
  std::string label;  // told when a check fails
  int replicas = 2;   // ids p, r1, r2, …
  ReplicationKnobs knobs;
  DurabilityKnobs durability;
  TakeOver take_over = TakeOver::kAtOnce;
  Nanos link_delay = Millis(1);
  Nanos write_delay = Micros(10);   // append handed to the kernel
  Nanos flush_delay = Micros(200);  // fdatasync
  Nanos apply_delay = Micros(5);    // of one ApplyRecords
  Nanos replica_apply_delay{0};     // per entry, the core's own
  Nanos truncate_delay = Micros(300);
  Nanos heartbeat_interval = Millis(20);
  Nanos heartbeat_timeout = Millis(100);
  SendWindow window;
  uint64_t recent_bytes_max = 8 << 20;
  uint64_t read_bytes_max = 256 << 10;
};

// What a client was told of one write.
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
  // Sends `count` writes in one turn, to the node that was last made the primary or to `node`.
  // Each write is of a client of its own, named as the request is.
  std::vector<RequestId> Write(int count, const std::string& node = "",
                               Epoch known_epoch = Epoch(0), bool ticket = false);
  RequestId WriteAgain(uint64_t client, const std::string& node = "");  // its one request
  RequestId AskTicket(Position ticket, bool watch, const std::string& node = "");
  void Read(const std::string& node, ReadConsistency consistency, Position at_least = {});
  const std::map<RequestId, HarnessAnswer>& answers() const { return answers_; }

  // --- faults ---
  void Cut(const std::string& from, const std::string& to);  // one way
  void Heal(const std::string& from, const std::string& to);
  void HealAll();
  // power_loss: what was not flushed is gone; else what was written to the kernel stays.
  void Crash(const std::string& id, bool power_loss);
  void RestartAsReplica(const std::string& id, const std::string& primary);
  void RestartAsPrimary(const std::string& id);
  // The controller's part: `id` leads the next epoch, and every live node that is asked to is told
  // so at the same instant. False where the node could not take over.
  bool Promote(const std::string& id, const std::vector<std::string>& tell);
  // The live replica with the newest log.
  std::string Best(const std::vector<std::string>& among) const;
  void SetApplyDelay(const std::string& id, Nanos per_entry);

  // --- what is ---
  const std::string& primary() const { return primary_; }
  std::vector<std::string> ids() const;
  bool up(const std::string& id) const { return Find(id).core != nullptr; }
  CoreDescription Describe(const std::string& id) const { return Find(id).core->Describe(); }
  Position end_of_log(const std::string& id) const;
  bool Holds(const std::string& id, Position position) const;
  uint64_t LoggedTwice(const std::string& id) const;  // a client whose request is; 0: none
  const KvStore& store(const std::string& id) const { return Find(id).store; }
  uint64_t rolled_back(const std::string& id) const { return Find(id).rolled_back; }
  std::string PeerOf(const std::string& id, StreamId stream);
  // Nothing where every node holds and shows what the primary does; else who does not.
  std::string WhyNotConverged() const;

  // Every effect as it is carried out, and every fault: for golden traces.
  std::function<void(const std::string& node, const Effect&)> on_effect;

 private:
  struct Node {
    std::string id;
    std::unique_ptr<Core> core;  // null: down
    uint64_t life = 0;           // counts starts: what is meant for an earlier one is dropped
    bool leads = false;
    bool counts_all = false;       // its sync set began with every replica, not with its followers
    std::vector<std::string> log;  // encoded records; [0] is LSN 1
    std::vector<Position> positions;  // theirs
    Lsn flushed;
    Epoch epoch;  // saved
    EpochHistory history;
    KvStore store;
    // Storage: the log's operations follow each other, so do the store's; a cut waits for both.
    std::map<std::pair<Instant, uint64_t>, std::function<void()>> ops;
    Instant log_busy_until, store_busy_until;
    Lsn handed;  // to the log, perhaps not yet written
    std::vector<Event> inbox;
    bool turn_due = false;
    uint64_t timer_version = 0;
    uint64_t rolled_back = 0;
    std::map<Stage, std::set<Position>> reached;  // ever, in truth
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
  void On(Node& node, const Announce& e);
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

  // Ground truth of §11.
  void CheckTurn(const Node& node) const;
  bool ReallyReached(const std::string& primary, Stage stage, Position position) const;

  const HarnessOptions options_;
  Instant now_ = FromNanos(0);
  uint64_t sequence_ = 0;
  std::map<std::pair<Instant, uint64_t>, std::function<void()>> queue_;
  std::map<std::string, Node> nodes_;
  std::map<std::pair<std::string, std::string>, Link> links_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::string primary_{"p"};
  Epoch last_epoch_{0};
  uint64_t next_request_ = 1;
  uint64_t next_inbound_ = 1'000'000;  // apart from those the replica cores make up
  std::map<RequestId, HarnessAnswer> answers_;
  std::map<Position, std::string> bytes_at_;  // same position, same bytes
  std::map<Position, uint64_t> digest_at_;    // equal applied positions, equal digests
};

}  // namespace replsim
