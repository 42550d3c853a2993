// Executes client operations: draws each, sends it to the cluster with retries, tracks what the
// client has seen, and turns the result into an Operation of the history. arrivals.h decides when
// operations start. Single-threaded, under the Scheduler.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "common/base/rng.h"
#include "common/base/time.h"
#include "protos/scenario.pb.h"
#include "protos/types.pb.h"
#include "simulator/cluster/seam/cluster.h"
#include "simulator/cluster/seam/scheduler.h"
#include "simulator/recording/history.h"
#include "simulator/recording/request_name.h"
#include "simulator/recording/value_lists.h"
#include "simulator/workload/key_chooser.h"
#include "simulator/workload/operation_mix.h"
#include "simulator/workload/read_targets.h"
#include "simulator/workload/seen_values.h"

namespace replsim {

// An operation as drawn, before its send time and target are known. A client's n-th operation is
// the same in every variant of a scenario: it depends on nothing that happens in the run.
struct Intent {
  Instant intended;
  uint64_t sequence = 0;
  uint32_t key = 0;
  bool is_write = false;
  OperationKind kind = OperationKind::kPutOrGet;
  bool own_key = false;  // a read of the key that this client wrote last, if there is one
};

class OperationIssuer {
 public:
  using Sink = absl::AnyInvocable<void(const Operation&)>;
  // Called after the record of an operation that was sent. `tag` is the argument of Issue.
  using Ended = absl::AnyInvocable<void(uint32_t client, uint32_t tag, proto::Outcome outcome)>;
  using Committed = absl::AnyInvocable<void(uint64_t count)>;
  using ListSink = absl::AnyInvocable<void(const ListedValue&)>;

  // `cluster` and `scheduler` outlive it, and it outlives every operation it has sent.
  OperationIssuer(const proto::Workload& workload, Cluster* cluster, Scheduler* scheduler,
                  const Rng& rng, Sink sink);

  void OnEnded(Ended ended) { ended_ = std::move(ended); }
  void OnCommitted(Committed committed) { on_committed_ = std::move(committed); }
  // Called with each list before the first operation that refers to it. Required if the mix has
  // append.
  void OnList(ListSink sink) { list_sink_ = std::move(sink); }

  // Clients count from 0 here and from 1 in the history.
  uint32_t clients() const { return static_cast<uint32_t>(clients_.size()); }
  Nanos deadline() const { return deadline_; }
  uint64_t in_flight() const { return slots_.size() - free_.size(); }
  uint64_t committed_writes() const { return committed_writes_; }

  Intent Draw(uint32_t client, Instant intended);
  void Issue(uint32_t client, const Intent& intent, uint32_t tag);
  // Disables retries: a write that waits for a retry ends with its result so far.
  void StopRetrying() { retry_ = proto::NO_RETRY; }
  // Records the operation as rejected and never sent.
  void Refuse(uint32_t client, const Intent& intent, proto::Reason reason);

 private:
  struct Client {
    explicit Client(Rng own) : rng(own) {}
    Rng rng;
    uint64_t next_sequence = 1;
    Position token;  // position that its next read waits for, if reads wait
    std::optional<uint32_t> last_written;
    SeenValues seen_values;  // only if the mix has cas
    // Each operation in flight uses its own lane. The cluster sees each lane as a separate client.
    uint32_t lanes = 0;
    std::vector<uint32_t> free_lanes;
  };
  struct Slot {
    uint32_t tag = 0;
    Operation operation;
    // For writes only.
    uint32_t lane = 0;
    Instant deadline;  // of the attempt in progress
    Position ticket;
    Nanos back_off{0};
    OperationResult so_far;  // the least certain result of earlier attempts
  };

  void SetKind(OperationKind kind, Operation* operation) const;
  uint32_t TakeSlot();
  uint32_t TakeLane(Client& client);

  // write_attempts.cc: a write makes attempts in sequence, until one is committed or a retry would
  // be useless.
  void Attempt(uint32_t slot, Instant deadline);
  void AttemptAnswered(uint32_t slot, OperationResult result);
  void AskTicketAfter(uint32_t slot, Nanos wait);
  void AskTicket(uint32_t slot);
  void TicketAnswered(uint32_t slot, OperationResult result);
  void EndAttempt(uint32_t slot, OperationResult result);
  void AttemptAgain(uint32_t slot);
  bool MayRetry(const Slot& slot, const OperationResult& result) const;
  void At(Instant when, uint32_t slot, void (OperationIssuer::*what)(uint32_t));

  void IssueRead(uint32_t slot, Instant deadline);
  // Ends a read that was sent to one node.
  void EndRead(uint32_t slot, const OperationResult& result);
  // Asks all replicas; the read ends with the newest of the first answers.
  void AskReplicas(uint32_t slot, ReadMode mode, Position at_least, Instant deadline);
  void End(uint32_t slot, const OperationResult& result);
  uint16_t IndexOf(const NodeId& node) const;
  std::optional<WrittenValue> ParseAndList(const std::string& value, Operation* read);
  void SetValue(const std::optional<std::string>& value, Operation* read);
  void Send(Slot& slot, const RequestName& name, OperationDone done);
  void SendTransaction(const Slot& slot, const RequestName& name, OperationDone done);

  Cluster* cluster_;
  Scheduler* scheduler_;
  Sink sink_;
  Ended ended_;
  Committed on_committed_;
  ListSink list_sink_;
  ValueLists lists_;

  KeyChooser keys_;
  OperationMix mix_;
  double own_share_;
  proto::ReadFrom read_from_;
  proto::ReadWait read_wait_;
  ReadTargets targets_;
  uint64_t value_bytes_;
  uint32_t transaction_keys_;
  Nanos deadline_;
  bool one_at_a_time_;
  bool for_tickets_;
  bool watch_;
  Nanos poll_;
  proto::Retry retry_;

  std::vector<Client> clients_;
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
  std::string value_;  // value of the write being sent; a member to reuse its memory
  uint64_t committed_writes_ = 0;
  // Callbacks that the scheduler still holds check whether this object exists.
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace replsim
