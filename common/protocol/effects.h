// The output of a core: effects, to be executed in order. Effects that take time (log, network) are
// answered later by events. All other effects are complete before the next one begins.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "common/base/ids.h"
#include "common/protocol/events.h"
#include "common/protocol/messages.h"
#include "common/protocol/trace.h"

namespace replsim {

// --- own storage ---
enum class FlushMode {
  kNone,   // interval, os, or a group delay: not with this append
  kGroup,  // every-batch: together with all other batches that wait for a flush
  kAlone,  // every-write: one flush for this batch alone
};
struct AppendLog {  // → LogWritten, and LogFlushed unless kNone
  BatchPtr batch;
  FlushMode flush = FlushMode::kNone;
};
struct FlushLog {};   // → LogFlushed
struct TruncateLog {  // → LogTruncated; also rebuilds the store if it had applied more
  Lsn last;
};
struct ReadRecords {  // → RecordsRead
  StreamId stream;
  Lsn from;
  uint64_t bytes_max = 0;
};
struct SaveEpoch {  // durable before the next effect begins
  Epoch epoch;
  EpochHistory history;
  NodeId voted_for{};      // in `epoch`; empty: for none
  PublishedSet in_sync{};  // that a witness stores
};
struct ApplyRecords {  // → Applied
  BatchPtr batch;      // contains [first, last]; null: read them from the log
  Lsn first;
  Lsn last;
};

// --- peers ---
struct Dial {  // → StreamOpened or StreamClosed
  StreamId stream;
  NodeId primary;
};
struct Send {
  StreamId stream;
  Message message;
};
struct CloseStream {  // causes no StreamClosed
  StreamId stream;
};
struct AskPeer {  // → PeerAnswered, or nothing
  NodeId peer;
  PeerRequest request;
};
struct AnswerPeer {
  AskId ask;
  PeerAnswer answer;
};

// --- own role ---
struct Lead {  // this replica is elected: promote it to lead `epoch`
  Epoch epoch;
};
struct StepDown {};  // this primary no longer leads: make it a replica

// --- clients ---
enum class WriteOutcome {
  kCommitted,
  kRejected,
  kUnknown,
  kPending,  // for a ticket: in the log, not past the gate yet
  kLost,     // for a ticket: the log can no longer contain the write
};
enum class Refused {  // why a write is not committed, or a read is refused
  kNone,
  kFenced,
  kNotPrimary,
  kSyncSetMissing,
  kGateTimeout,
  kOverloaded,
  kNodeStopped,
  kDiverged,
  kDiskFull,
  kSuperseded,
};
// Also answers a TicketRequest. The core does not know whether a conditional write took effect. It
// emits the answer when the write is applied, and the node looks up the outcome of `request` in its
// store when it executes the effect.
struct AnswerWrite {
  RequestId id;
  WriteOutcome outcome = WriteOutcome::kCommitted;
  Refused why = Refused::kNone;
  Position position;
  bool is_protected = true;
  RequestKey request{};     // of a conditional write that is committed; otherwise empty
  bool took_effect = true;  // set by the node
};
struct AnswerRead {  // the value is read from the store when the effect is executed
  RequestId id;
  std::string key;
  Refused why = Refused::kNone;
};

// --- for the recording ---
struct PassedGate {  // these writes passed the ack gate; traced as kCommit
  Epoch epoch;
  Lsn first;
  Lsn last;
};
struct Trace {
  TraceKind kind = TraceKind::kEnd;
  NodeId peer;  // for kinds that name a peer
  Epoch epoch;
  Lsn lsn;
};

using Effect = std::variant<AppendLog, FlushLog, TruncateLog, ReadRecords, SaveEpoch, ApplyRecords,
                            Dial, Send, CloseStream, AskPeer, AnswerPeer, Lead, StepDown,
                            AnswerWrite, AnswerRead, PassedGate, Trace>;
using Effects = std::vector<Effect>;

}  // namespace replsim
