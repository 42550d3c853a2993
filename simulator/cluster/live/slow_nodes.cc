#include "simulator/cluster/live/slow_nodes.h"

#include <signal.h>

#include <utility>

namespace replsim {

SlowNodes::Slow& SlowNodes::Find(const NodeId& node) {
  std::shared_ptr<Slow>& slow = nodes_[node];
  if (slow == nullptr) slow = std::make_shared<Slow>(io_);
  return *slow;
}

void SlowNodes::SetShare(const NodeId& node, double share) {
  Slow& slow = Find(node);
  slow.duty = DutyCycle(share, MonotonicNow());
  slow.timer.cancel();
  Signal(slow, /*stop=*/false);
  if (!slow.duty.always()) Switch(nodes_[node]);
}

void SlowNodes::Runs(const NodeId& node, std::weak_ptr<ChildProcess> process) {
  Slow& slow = Find(node);
  slow.process = std::move(process);
  slow.stopped = slow.held = false;
}

void SlowNodes::Hold(const NodeId& node, bool held) {
  Slow& slow = Find(node);
  slow.held = held;
  slow.stopped = false;  // the holder has decided whether it runs
}

// Stops the process when its share of this period is used up, continues it when a new period
// begins, and reschedules itself for the next change.
void SlowNodes::Switch(const std::shared_ptr<Slow>& slow) {
  const Instant now = MonotonicNow();
  const Instant runs = slow->duty.NextRunning(now);
  const bool stop = runs > now;
  Signal(*slow, stop);
  const Instant next = stop ? runs : slow->duty.EndOfRun(now);
  slow->timer.expires_at(std::chrono::steady_clock::time_point(next.time_since_epoch()));
  slow->timer.async_wait([this, weak = std::weak_ptr(slow)](const asio::error_code& error) {
    const std::shared_ptr<Slow> again = weak.lock();
    if (!error && again != nullptr && !again->duty.always()) Switch(again);
  });
}

void SlowNodes::Signal(Slow& slow, bool stop) {
  if (slow.held || slow.stopped == stop) return;
  slow.stopped = stop;
  // A process that has ended cannot be signalled; the next process of the node is slow again.
  if (const auto process = slow.process.lock(); process != nullptr) {
    process->Signal(stop ? SIGSTOP : SIGCONT).IgnoreError();
  }
}

}  // namespace replsim
