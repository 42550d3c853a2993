// Writes the stage trace of one node (common/protocol/trace.h): its stages, its failpoints, and its
// own I/O. Without a sink it writes nothing, but still tracks log sizes.
//
// Only the node's thread may call it, except for FlushBegins, FlushEnded and AddFailpoint, which
// the log device may call from its own thread.
#pragma once

#include <cstdint>
#include <vector>

#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/node/byte_index.h"
#include "common/node/node_host.h"
#include "common/protocol/trace.h"
#include "common/storage/log/log.h"

namespace replsim {

class NodeTrace {
 public:
  // `sink` may be null. `nodes`: all nodes, in the order in which the trace numbers them. All must
  // outlive the trace.
  NodeTrace(TraceSink* sink, std::vector<NodeId> nodes, Log& log, const NodeHost& host);

  bool is_written() const { return sink_ != nullptr; }

  // A stage has advanced, or an event of the protocol has happened.
  void Add(TraceKind kind, const NodeId& peer, Epoch epoch, Lsn lsn);
  // A replica has applied up to `lsn`, a record of `epoch`. `lag`: its wall clock minus the stamp
  // of that record. The two are wall clocks of different nodes.
  void AddWallLag(Lsn lsn, Epoch epoch, Nanos lag);
  // A failpoint fires; called right before the node ends or stops.
  void AddFailpoint(Lsn lsn) { AddNow(TraceKind::kFailpoint, lsn); }

  // --- sizes of the log ---
  void Appended(const RecordBatch& batch) { bytes_.Add(batch); }
  void Truncated(Lsn last) { bytes_ = ByteIndex(last, log_.bytes()); }
  const ByteIndex& bytes() const { return bytes_; }

  // --- own I/O ---
  // The begin and the end of a flush. One flush at a time.
  void FlushBegins() { flush_begun_ = host_.TraceTime(); }
  void FlushEnded(Lsn last, uint64_t device_bytes);
  // Measures the event loop's own I/O from here to the end of the scope.
  class OwnIo {
   public:
    explicit OwnIo(NodeTrace& trace) : trace_(trace), begin_(trace.host_.LoopTime()) {}
    ~OwnIo() { trace_.stalled_ += trace_.host_.LoopTime() - begin_; }
    OwnIo(const OwnIo&) = delete;
    OwnIo& operator=(const OwnIo&) = delete;

   private:
    NodeTrace& trace_;
    const Instant begin_;
  };
  // Called once per turn. Records how long the loop was blocked by its own I/O in this turn.
  void EndTurn();

 private:
  void AddNow(TraceKind kind, Lsn lsn, uint64_t bytes = 0, uint32_t epoch = 0);
  uint64_t BytesAt(Lsn lsn);

  TraceSink* const sink_;
  const std::vector<NodeId> nodes_;
  Log& log_;
  const NodeHost& host_;
  ByteIndex bytes_;
  Nanos stalled_{0};       // blocked by own I/O in this turn
  Nanos short_stalls_{0};  // sum of the short stalls of earlier turns that are not yet recorded
  Nanos worst_short_stall_{0};
  Instant flush_begun_;  // used by the thread of the log device only
};

}  // namespace replsim
