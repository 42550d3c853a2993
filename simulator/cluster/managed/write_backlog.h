// The writes of one site's clients that wait until a primary can be reached, as the drivers of real
// databases do. A write whose deadline passes here was never sent, so it ends REJECTED/UNREACHABLE.
// The queue has no limit of its own; the load generator bounds it.
//
// Everything runs under the run's scheduler, which outlives the backlog.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "simulator/cluster/seam/cluster.h"
#include "simulator/cluster/seam/scheduler.h"

namespace replsim {

class WriteBacklog {
 public:
  using Send = absl::AnyInvocable<void(Instant deadline, OperationDone done)>;

  explicit WriteBacklog(Scheduler* scheduler) : scheduler_(scheduler) {}

  bool empty() const { return waiting_.empty(); }
  void Add(Instant deadline, Send send, OperationDone done);
  // Sends the waiting writes, oldest first, while `connected` returns true.
  void SendWhile(const std::function<bool()>& connected);
  // Discards the waiting writes without calling their `done`.
  void Drop() { waiting_.clear(); }

 private:
  struct Waiting {
    Instant deadline;
    Send send;
    OperationDone done;
  };
  void ScheduleSweep();
  void Sweep();

  Scheduler* const scheduler_;
  std::deque<Waiting> waiting_;
  bool sweep_scheduled_ = false;
  const std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace replsim
