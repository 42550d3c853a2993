// The unanswered operations of one client connection. Each operation ends exactly once: with its
// answer, or unanswered because the connection broke or the deadline passed.
//
// Owned by the connection, which decides when to check for overdue operations. Single-threaded; a
// `done` may add operations.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "simulator/cluster/seam/cluster.h"

namespace replsim {

class OperationsInFlight {
 public:
  // Ids ascend in the order of the requests. `done` is called once, unless the connection is
  // destroyed first.
  void Add(uint64_t id, bool is_write, Instant deadline, OperationDone done);
  // Ends the operation. Does nothing if it has ended at its deadline.
  void Answer(uint64_t id, OperationResult result);
  // The connection broke: ends all operations in the order of their requests.
  void FailAll();
  // Ends the operations whose deadline is at or before `now`, earliest first.
  void FailOverdue(Instant now);
  // When to call FailOverdue next; kNever if no deadline is left. May be the deadline of an
  // operation that has already ended.
  Instant next_deadline() const { return deadlines_.empty() ? kNever : deadlines_.front().first; }

  // The highest epoch in any answer. It survives a break of the connection.
  Epoch known_epoch() const { return known_epoch_; }

 private:
  struct Operation {
    OperationDone done;
    bool is_write;
  };

  absl::flat_hash_map<uint64_t, Operation> operations_;
  // Earliest first. Deadlines arrive nearly in order, so an insertion from the end takes a step or
  // two.
  std::deque<std::pair<Instant, uint64_t>> deadlines_;
  Epoch known_epoch_;
};

}  // namespace replsim
