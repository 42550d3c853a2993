// The input of a core: everything that can happen to a node. Local storage answers with events as
// peers do, so a replication mode is a rule over positions and not a code path.
#pragma once

#include <string>
#include <variant>

#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/base/wall_clock.h"
#include "common/protocol/messages.h"

namespace replsim {

// Identifies a waiting client request within one node; the server assigns it. 0: none.
using RequestId = StrongInt<struct RequestIdTag>;
// Identifies a stream to another node within one node. A reconnect is a new stream. 0: none.
using StreamId = StrongInt<struct StreamIdTag>;
// Identifies a request of another node within one node; the host assigns it.
using AskId = StrongInt<struct AskIdTag>;

// --- clients ---
// A client's request, as in its command. Empty: client 0.
struct RequestKey {
  uint64_t client = 0;
  uint64_t sequence = 0;
  bool empty() const { return client == 0; }
};
struct WriteRequest {
  RequestId id;
  Epoch known_epoch;    // highest epoch that the client has seen; fences an older primary
  std::string command;  // encoded (common/storage/store/command.h)
  uint64_t client = 0;  // as in the command
  uint64_t sequence = 0;
  bool ticket = false;       // answered at once, as pending
  bool conditional = false;  // IsConditional: the answer says whether the write took effect
};

enum class ReadConsistency { kAny, kAtPosition, kPrimary };
struct ReadRequest {
  RequestId id;
  std::string key;
  ReadConsistency consistency = ReadConsistency::kAny;
  Position at_least;  // for kAtPosition
};

struct TicketRequest {
  RequestId id;
  Epoch known_epoch;
  Position ticket;     // the position with which the write was answered
  bool watch = false;  // answer only when the write is no longer pending
};

// --- peers ---
struct StreamOpened {  // a dial of this node succeeded, or another node dialled this one
  StreamId stream;
};
struct StreamClosed {
  StreamId stream;
};
struct MessageReceived {
  StreamId stream;
  Message message;
};
struct PeerAsked {  // a request of another node; the core answers it with one AnswerPeer
  NodeId from;
  PeerRequest request;
  AskId ask{};
};
struct PeerAnswered {  // the answer to AskPeer
  NodeId from;
  PeerAnswer answer;
};

// --- own storage ---
struct LogWritten {
  Lsn last;
};
struct LogFlushed {
  Lsn last;
};
struct LogFailed {
  std::string why;
};
// The disk has no space for the batch. It and all later appends wait until there is space. The core
// gets this event, without a batch, once for all appends that wait.
struct LogFull {
  BatchPtr batch;
};
struct LogHasRoom {};
struct RecordsRead {  // the answer to ReadRecords
  StreamId stream;
  BatchPtr batch;
};
struct LogTruncated {
  Lsn last;  // at most the LSN of TruncateLog
  uint64_t records_cut = 0;
  uint64_t bytes = 0;  // encoded size of what is left
};
struct Applied {
  Lsn last;
};

// --- control ---
struct FollowRequest {  // leave the current primary for one of a higher epoch
  NodeId primary;
  Epoch epoch;
};
struct StandRequest {};     // stand for election now (an operator's promotion)
struct SwitchoverRequest {  // hand the lead over to `target`; empty: to the first that has
                            // everything
  NodeId target;
};
struct ApplyDelayChanged {
  Nanos per_entry;
};
struct WallClockSet {  // stamps records from now on
  WallClock clock;
};
struct TimerFired {};

using Event =
    std::variant<WriteRequest, ReadRequest, TicketRequest, StreamOpened, StreamClosed,
                 MessageReceived, PeerAsked, PeerAnswered, LogWritten, LogFlushed, LogFailed,
                 LogFull, LogHasRoom, RecordsRead, LogTruncated, Applied, FollowRequest,
                 StandRequest, SwitchoverRequest, ApplyDelayChanged, WallClockSet, TimerFired>;

}  // namespace replsim
