// What a node needs of whatever runs it: a real process (common/runtime/node_loop.h) or virtual
// time (simulator/cluster/virtual). Everything that takes time or leaves the node goes through
// these three; the node itself knows no thread, clock, file descriptor or socket.
#pragma once

#include "absl/functional/any_invocable.h"
#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/protocol/effects.h"
#include "common/protocol/events.h"
#include "common/protocol/trace.h"
#include "common/storage/log/record.h"
#include "common/storage/store/store.h"

namespace replsim {

// Where effects leave the node. Called from inside the node; must not block. What is handed over
// during one turn may be kept until EndTurn and sent as one.
class Outside {
 public:
  virtual ~Outside() = default;
  virtual void Dial(StreamId stream, const NodeId& primary) = 0;
  virtual void Send(StreamId stream, Message message) = 0;
  virtual void Close(StreamId stream) = 0;
  virtual void Announce(const NodeId& peer, Epoch epoch) = 0;
  virtual void Answer(const AnswerWrite& answer) = 0;
  // `entry` is null where there is no such key, or where the read is refused.
  virtual void Answer(const AnswerRead& answer, const KvStore::Entry* entry, Position applied) = 0;
  virtual void EndTurn() = 0;
  // Runs `then` once everything handed over so far has left this node, or will not for long.
  virtual void AfterSent(absl::AnyInvocable<void()> then) = 0;
};

// The part of the log's work that takes long, done as durability.io says: by the loop itself while
// everything else waits, by a thread, or by the kernel. Completions come back as events, in the
// order of the log. The node writes what only has to be with the kernel itself, before it asks for
// a flush. A batch for which there is no room, or that does not follow the log's end, comes back in
// LogFull.
class LogDevice {
 public:
  virtual ~LogDevice() = default;
  virtual void AppendAndFlush(BatchPtr batch) = 0;  // → LogWritten, LogFlushed: its own flush
  virtual void Flush() = 0;                         // → LogFlushed: all written before this call
  // Returns when nothing is queued or under way; the events of that have been posted.
  virtual void Drain() = 0;
  // The log was cut back to `last` while the device was idle (after Drain).
  virtual void Truncated(Lsn last) = 0;
};

class NodeHost {
 public:
  virtual ~NodeHost() = default;
  virtual Instant Now() const = 0;  // by the node's own clock
  // By the clock that all nodes of a run share, for the stage trace.
  virtual Instant TraceTime() const { return Now(); }
  // How far the loop is in its work by that clock: what it does between two calls takes the
  // difference.
  virtual Instant LoopTime() const { return TraceTime(); }
  // Brings the event to the node, behind what was posted before it; never inside this call.
  virtual void Post(Event event) = 0;
  virtual LogDevice& log_device() = 0;
  // A failpoint has been reached: the node ends here, or stops here (pause) until it is resumed.
  // Where it goes on, Node::Resume is called, never inside this call.
  virtual void Fire(bool pause) = 0;
  // The node's storage cannot be trusted any more: it ends here, and says why.
  virtual void Fail(const std::string& why) = 0;
};

// Takes the stage trace.
class TraceSink {
 public:
  virtual ~TraceSink() = default;
  virtual void Add(const TraceRecord& record) = 0;
};

}  // namespace replsim
