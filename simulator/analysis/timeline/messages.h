// The messages between nodes and clients, reconstructed from the stage traces and the history.
//
// Traces record advances of stages, not messages. A batch is a send by the primary that is matched
// by the first later receive of at least the same LSN on the replica. An acknowledgement is the
// primary learning of stages of a replica; it was sent no earlier than the advance that it reports.
// A batch without a matching receive has no end. A request ends when the node appended the write,
// and an answer begins when the gate of the node reached it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/analysis/evidence/node_times.h"
#include "simulator/analysis/writes/find_write.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct TracedMessage {
  enum class Kind { kRequest = 1, kBatch, kAck, kAnswer };
  Kind kind = Kind::kBatch;
  size_t node = 0;  // the node that sent it; of a request or an answer: the node of the write
  size_t peer = 0;  // the node that received it; unused for requests and answers
  int64_t sent_ns = 0;
  std::optional<int64_t> received_ns;  // absent: never arrived, according to the traces
  // Of a batch: the records that it carried. Of an answer: the write, twice.
  uint64_t first_lsn = 0;
  uint64_t last_lsn = 0;
  uint64_t epoch = 0;  // of the primary that sent the batch or received the acknowledgement
  std::string text;    // "17…23"; "receive 23, write 23"; "write k0004"; "committed 23"
};

// The batches that `node` sent in the range, and the acknowledgements that arrived at it in the
// interval. Empty without a trace of the node.
std::vector<TracedMessage> MessagesOfNode(const Recording& recording, size_t node, TimeRange range);

// The request and the answer of a write, as far as the trace of its node has them. `write` must
// have a node.
std::vector<TracedMessage> MessagesOfWrite(const KnownWrites& evidence, const Operation& write);

}  // namespace replsim
