// Writes that find nobody to go to: as drivers do, they wait for whoever leads. One that finds
// nobody before its deadline was never sent: it certainly did not happen, and is told so.
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
  // Sends them, oldest first, as long as `open` says that they can go.
  void SendWhile(const std::function<bool()>& open);
  // Nothing is told any more.
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
