// Writes the stage trace of one node (common/protocol/trace.h): its stages, its failpoints, and
// what its own I/O did. Without a sink it writes nothing, but still measures.
//
// The thread of the node calls it, except for FlushBegins, FlushEnded and AddFailpoint, which the
// log device may call from its own thread.
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
  // `sink` may be null. `nodes`: as the trace numbers them. All outlive the trace.
  NodeTrace(TraceSink* sink, std::vector<NodeId> nodes, Log& log, const NodeHost& host);

  bool is_written() const { return sink_ != nullptr; }

  // A stage has advanced, or an event of the protocol.
  void Add(TraceKind kind, const NodeId& peer, Epoch epoch, Lsn lsn);
  // A replica has applied up to `lsn`, a record of `epoch`; `lag` by the wall clocks of two nodes.
  void AddWallLag(Lsn lsn, Epoch epoch, Nanos lag);
  // This node ends or stops here: called right before it does.
  void AddFailpoint(Lsn lsn) { AddNow(TraceKind::kFailpoint, lsn); }

  // --- sizes of the log ---
  void Appended(const RecordBatch& batch) { bytes_.Add(batch); }
  void Truncated(Lsn last) { bytes_ = ByteIndex(last, log_.bytes()); }
  const ByteIndex& bytes() const { return bytes_; }

  // --- own I/O ---
  // A flush begins; it has ended. One at a time.
  void FlushBegins() { flush_begun_ = host_.TraceTime(); }
  void FlushEnded(Lsn last, uint64_t device_bytes);
  // The loop's own I/O from here to the end of the scope.
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
  // Once a turn: what the loop did in between in the same turn was no answer to any client.
  void EndTurn();

 private:
  void AddNow(TraceKind kind, Lsn lsn, uint64_t bytes = 0, uint32_t epoch = 0);
  uint64_t BytesAt(Lsn lsn);

  TraceSink* const sink_;
  const std::vector<NodeId> nodes_;
  Log& log_;
  const NodeHost& host_;
  ByteIndex bytes_;
  Nanos stalled_{0};       // by own I/O in this turn
  Nanos short_stalls_{0};  // in turns before it, not yet recorded
  Nanos worst_short_stall_{0};
  Instant flush_begun_;  // the log device's
};

}  // namespace replsim
