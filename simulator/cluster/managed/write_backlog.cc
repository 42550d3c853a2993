#include "simulator/cluster/managed/write_backlog.h"

#include <utility>
#include <vector>

#include "simulator/cluster/managed/unanswered.h"

namespace replsim {
namespace {

constexpr Nanos kSweep = Millis(5);  // a deadline is noticed at most this late

}  // namespace

void WriteBacklog::Add(Instant deadline, Send send, OperationDone done) {
  waiting_.push_back({deadline, std::move(send), std::move(done)});
  ScheduleSweep();
}

void WriteBacklog::SendWhile(const std::function<bool()>& connected) {
  while (!waiting_.empty() && connected()) {
    Waiting write = std::move(waiting_.front());
    waiting_.pop_front();
    write.send(write.deadline, std::move(write.done));
  }
}

void WriteBacklog::ScheduleSweep() {
  if (sweep_scheduled_ || waiting_.empty()) return;
  sweep_scheduled_ = true;
  scheduler_->At(scheduler_->Now() + kSweep, [this, alive = std::weak_ptr(alive_)] {
    if (alive.lock()) Sweep();
  });
}

void WriteBacklog::Sweep() {
  sweep_scheduled_ = false;
  const Instant now = scheduler_->Now();
  std::vector<OperationDone> late;
  std::erase_if(waiting_, [&](Waiting& write) {
    if (write.deadline > now) return false;
    late.push_back(std::move(write.done));
    return true;
  });
  for (OperationDone& done : late) done(NeverSent());
  ScheduleSweep();
}

}  // namespace replsim
