// The event loop of a real process: brings a node (common/node/node.h) its events, and wakes it
// when its timer is due. Only the thread that currently runs the combiner (combiner.h) touches the
// node. The log device decides which thread blocks on fsync (log_device.h). The loop owns the node,
// the log device and the timer thread.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/base/node_clock.h"
#include "common/node/node.h"
#include "common/server/loop/combiner.h"
#include "common/server/loop/log_device.h"

namespace replsim {

// Exit status of a node whose log has failed: EX_IOERR of sysexits.h.
inline constexpr int kExitDiskFailed = 74;

class NodeLoop final : private NodeHost {
 public:
  // All must outlive the loop; `trace` may be null. Unavailable if the kernel does not allow `io`.
  // The node's timeouts run by `clock`; its trace does not.
  static absl::StatusOr<std::unique_ptr<NodeLoop>> Open(Node::Options options, NodeStorage& storage,
                                                        Outside& outside, Failpoints& failpoints,
                                                        TraceSink* trace, IoModel io,
                                                        NodeClock clock = {});
  ~NodeLoop() override;

  // The recovered state with which the first core starts.
  CoreStart start() const { return node_.start(); }
  // Begins to run `core` (Node::Run).
  void Run(std::unique_ptr<Core> core, bool leads, Node::Cores cores);

  // From any thread.
  void Post(Event event) override { combiner_.Post(Node::Item(std::move(event))); }
  void PostAll(std::vector<Event> events);
  // From any thread. Runs `work` inside the loop, perhaps before Do returns.
  void Do(Node::Work work) { combiner_.Post(Node::Item(std::move(work))); }
  bool leads() const { return node_.leads(); }
  // The node's own clock. From any thread.
  Instant Now() const override { return clock_.Local(MonotonicNow()); }

 private:
  NodeLoop(Node::Options options, NodeStorage& storage, Outside& outside, Failpoints& failpoints,
           TraceSink* trace, NodeClock clock);

  struct Resume {};
  using Item = std::variant<Node::Item, Resume>;

  Instant TraceTime() const override { return MonotonicNow(); }
  LogDevice& log_device() override { return *log_device_; }
  void Fire(bool pause) override;
  void Fail(const std::string& why) override;
  void Elected(Epoch epoch, Lsn last) override;
  void SteppedDown() override;

  void Handle(std::vector<Item>& items);
  LogHooks MakeLogHooks();
  void TimerThread();
  void SetTimer(Instant when);  // on CLOCK_MONOTONIC

  const NodeClock clock_;
  Combiner<Item> combiner_;
  Node node_;
  std::unique_ptr<LogDevice> log_device_;

  absl::Mutex timer_mutex_;
  Instant timer_ ABSL_GUARDED_BY(timer_mutex_) = kNever;
  bool stopping_ ABSL_GUARDED_BY(timer_mutex_) = false;
  absl::CondVar timer_changed_;
  std::thread timer_thread_;
};

}  // namespace replsim
