// What can happen to a node: the input of its core. Local storage answers with events like any peer
// does, so a mode is a rule over positions and not a path through the code.
#pragma once

#include <string>
#include <variant>

#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/base/wall_clock.h"
#include "common/protocol/messages.h"

namespace replsim {

// Names a waiting client request within one node; the server makes them up.
using RequestId = StrongInt<struct RequestIdTag>;
// Names one stream between two nodes; a reconnect is a new stream.
using StreamId = StrongInt<struct StreamIdTag>;

// --- clients ---
struct WriteRequest {
  RequestId id;
  Epoch known_epoch;    // the highest the client has seen: fences an older primary
  std::string command;  // encoded (common/storage/store/command.h)
  uint64_t client = 0;  // as in the command
  uint64_t sequence = 0;
  bool ticket = false;  // answered at once, as pending
};

enum class ReadConsistency { kAny, kAtPosition, kPrimary };
struct ReadRequest {
  RequestId id;
  std::string key;
  ReadConsistency consistency = ReadConsistency::kAny;
  Position at_least;  // of kAtPosition
};

struct TicketRequest {
  RequestId id;
  Epoch known_epoch;
  Position ticket;     // what the write was answered with
  bool watch = false;  // answered when it is no longer pending
};

// --- peers ---
struct StreamOpened {  // on a replica: the dial succeeded; on a primary: somebody dialled
  StreamId stream;
};
struct StreamClosed {
  StreamId stream;
};
struct MessageReceived {
  StreamId stream;
  Message message;
};
struct AnnounceAnswered {  // a peer was told of our epoch and knows `epoch`
  NodeId peer;
  Epoch epoch;
};
struct AnnounceReceived {  // a peer that leads `epoch` says so
  NodeId primary;
  Epoch epoch;
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
// There is no room for the batch; it waits, and what comes after it, until there is. The node tells
// the core of it once for all that waits.
struct LogFull {
  BatchPtr batch;
};
struct LogHasRoom {};
struct RecordsRead {  // the answer to ReadRecords
  StreamId stream;
  BatchPtr batch;
};
struct LogTruncated {
  Lsn last;  // at most what was asked for
  uint64_t records_cut = 0;
};
struct Applied {
  Lsn last;
};

// --- control ---
struct FollowRequest {  // leave the present primary for one of a higher epoch
  NodeId primary;
  Epoch epoch;
};
struct ApplyDelayChanged {
  Nanos per_entry;
};
struct WallClockSet {  // stamps records from now on
  WallClock clock;
};
struct TimerFired {};

using Event = std::variant<WriteRequest, ReadRequest, TicketRequest, StreamOpened, StreamClosed,
                           MessageReceived, AnnounceAnswered, AnnounceReceived, LogWritten,
                           LogFlushed, LogFailed, LogFull, LogHasRoom, RecordsRead, LogTruncated,
                           Applied, FollowRequest, ApplyDelayChanged, WallClockSet, TimerFired>;

}  // namespace replsim
