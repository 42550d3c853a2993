// What a core wants done: its output, to be carried out in order. Effects that take time (log,
// network) come back later as events; the others are done when the next one begins.
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
  kNone,   // interval and os: not now
  kGroup,  // every-batch: with whatever else is waiting
  kAlone,  // every-write: one flush for this batch
};
struct AppendLog {  // → LogWritten, and LogFlushed unless kNone
  BatchPtr batch;
  FlushMode flush = FlushMode::kNone;
};
struct FlushLog {};   // → LogFlushed
struct TruncateLog {  // → LogTruncated; also rebuilds the store where it had applied more
  Lsn last;
};
struct ReadRecords {  // → RecordsRead
  StreamId stream;
  Lsn from;
  uint64_t bytes_max = 0;
};
struct SaveEpoch {  // on the disk before the next effect begins
  Epoch epoch;
  EpochHistory history;
};
struct ApplyRecords {  // → Applied
  BatchPtr batch;      // holds [first, last]; null: read them from the log
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
struct CloseStream {  // no StreamClosed comes of it
  StreamId stream;
};
struct AskPeer {  // → PeerAnswered, or nothing
  NodeId peer;
  PeerRequest request;
};

// --- clients ---
enum class WriteOutcome {
  kCommitted,
  kRejected,
  kUnknown,
  kPending,  // of a ticket
  kLost,     // of a ticket
};
enum class Refused {  // why not committed
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
struct AnswerWrite {  // also of a ticket
  RequestId id;
  WriteOutcome outcome = WriteOutcome::kCommitted;
  Refused why = Refused::kNone;
  Position position;
  bool is_protected = true;
};
struct AnswerRead {  // with what the store holds when the effect is carried out
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
  NodeId peer;  // where the kind names one
  Epoch epoch;
  Lsn lsn;
};

using Effect =
    std::variant<AppendLog, FlushLog, TruncateLog, ReadRecords, SaveEpoch, ApplyRecords, Dial, Send,
                 CloseStream, AskPeer, AnswerWrite, AnswerRead, PassedGate, Trace>;
using Effects = std::vector<Effect>;

}  // namespace replsim
