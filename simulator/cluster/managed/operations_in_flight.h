// The operations that clients have sent over one connection and that are not answered yet. Each
// ends exactly once: with its answer, or unanswered because the connection broke or its deadline
// passed.
//
// Owned by the connection, which decides when to look for overdue operations. Single-threaded; a
// `done` may add operations.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>

#include "absl/container/btree_map.h"
#include "simulator/cluster/seam/cluster.h"

namespace replsim {

class OperationsInFlight {
 public:
  // Ids ascend, in the order in which the clients asked. `done` is called once, unless the
  // connection is destroyed first.
  void Add(uint64_t id, bool is_write, Instant deadline, OperationDone done);
  // False also for an operation that its deadline has ended.
  bool contains(uint64_t id) const { return operations_.contains(id); }

  // Ends the operation, if it has not ended.
  void Answer(uint64_t id, OperationResult result);
  // The connection is broken: ends all of them, in the order in which the clients asked.
  void FailAll();
  // Ends those whose deadline has passed by `now`, soonest first.
  void FailOverdue(Instant now);
  // When to call FailOverdue next; kNever: no deadline is left. It may be the deadline of an
  // operation that has ended.
  Instant next_deadline() const { return deadlines_.empty() ? kNever : deadlines_.front().first; }

  // The highest epoch that any answer has named. It survives the connection.
  Epoch known_epoch() const { return known_epoch_; }

 private:
  struct Operation {
    OperationDone done;
    bool is_write;
  };

  absl::btree_map<uint64_t, Operation> operations_;
  // Soonest first. They come nearly in that order, so each finds its place from the end in a step
  // or two.
  std::deque<std::pair<Instant, uint64_t>> deadlines_;
  Epoch known_epoch_;
};

}  // namespace replsim
