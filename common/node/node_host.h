// The interfaces between a node and its host: a real process (common/server/loop/node_loop.h) or
// virtual time (simulator/cluster/virtual). Everything that takes time or leaves the node goes
// through them. The node itself uses no thread, clock, file descriptor or socket.
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

// Sends messages and answers out of the node. Called inside a turn of the node; must not block.
// Messages of one turn may be held until EndTurn and sent together.
class Outside {
 public:
  virtual ~Outside() = default;
  virtual void Dial(StreamId stream, const NodeId& primary) = 0;
  virtual void Send(StreamId stream, Message message) = 0;
  virtual void Close(StreamId stream) = 0;
  virtual void AskPeer(const NodeId& peer, const PeerRequest& request) = 0;
  virtual void AnswerPeer(AskId ask, const PeerAnswer& answer) = 0;
  virtual void Answer(const AnswerWrite& answer) = 0;
  // `entry` is null if there is no such key or the read is refused; valid during the call.
  virtual void Answer(const AnswerRead& answer, const KvStore::Entry* entry, Position applied) = 0;
  virtual void EndTurn() = 0;
  // Runs `then` when everything handed over so far has left this process and clients have received
  // their answers, or after a limited time.
  virtual void AfterSent(absl::AnyInvocable<void()> then) = 0;
};

// Runs the slow log operations (write + fsync, fsync) on the thread that durability.io selects: the
// event loop, a log thread, or the kernel. Completions are posted as events, in the order of the
// log. Batches without a flush of their own are written by the node itself before it requests a
// flush. A batch for which the disk has no space, or that does not follow the end of the log, is
// returned in LogFull.
class LogDevice {
 public:
  virtual ~LogDevice() = default;
  virtual void AppendAndFlush(BatchPtr batch) = 0;  // → LogWritten, LogFlushed; a flush of its own
  virtual void Flush() = 0;                         // → LogFlushed: all written before this call
  // Returns when nothing is queued or in progress and all events have been posted.
  virtual void Drain() = 0;
  // The log was truncated to `last`. Called while the device is idle (after Drain).
  virtual void Truncated(Lsn last) = 0;
};

class NodeHost {
 public:
  virtual ~NodeHost() = default;
  virtual Instant Now() const = 0;  // the node's own monotonic clock
  // The clock that all nodes of a run share, for the stage trace.
  virtual Instant TraceTime() const { return Now(); }
  // The progress of the event loop on that clock. The difference between two calls is the time that
  // the work between them takes.
  virtual Instant LoopTime() const { return TraceTime(); }
  // Queues an event for the node. It is handled after this call, in the order of the posts.
  virtual void Post(Event event) = 0;
  virtual LogDevice& log_device() = 0;
  // A failpoint has fired. The node is killed, or paused until it is resumed. After a pause the
  // host calls Node::Resume, not inside this call.
  virtual void Fire(bool pause) = 0;
  // The node's storage has failed: the node ends and reports `why`.
  virtual void Fail(const std::string& why) = 0;
  // The node was elected, and now leads `epoch`, which begins after `last`.
  virtual void Elected(Epoch /*epoch*/, Lsn /*last*/) {}
  // The node stopped leading, and now is a replica.
  virtual void SteppedDown() {}
};

// Takes the stage trace.
class TraceSink {
 public:
  virtual ~TraceSink() = default;
  virtual void Add(const TraceRecord& record) = 0;
};

}  // namespace replsim
