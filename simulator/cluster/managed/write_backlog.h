// The writes of one site's clients that wait until a primary can be reached, as the drivers of real
// databases let them. A write whose deadline passes here was never sent: it certainly did not
// happen, and is answered so.
//
// Everything runs under the run's scheduler, which outlives it.
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
  // Sends them, oldest first, as long as `connected` says that they can go.
  void SendWhile(const std::function<bool()>& connected);
  // They are not answered any more.
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
