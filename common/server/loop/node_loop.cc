#include "common/server/loop/node_loop.h"

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "common/base/status.h"

namespace replsim {
namespace {

// Pause: returns after SIGCONT. Otherwise it does not return.
void SignalSelf(bool pause) { kill(getpid(), pause ? SIGSTOP : SIGKILL); }

}  // namespace

NodeLoop::NodeLoop(Node::Options options, NodeStorage& storage, Outside& outside,
                   Failpoints& failpoints, TraceSink* trace, NodeClock clock)
    : clock_(clock),
      combiner_([this](std::vector<Item>& items) { Handle(items); }),
      node_(std::move(options), storage, outside, failpoints, trace, *this) {}

absl::StatusOr<std::unique_ptr<NodeLoop>> NodeLoop::Open(Node::Options options,
                                                         NodeStorage& storage, Outside& outside,
                                                         Failpoints& failpoints, TraceSink* trace,
                                                         IoModel io, NodeClock clock) {
  auto loop = std::unique_ptr<NodeLoop>(
      new NodeLoop(std::move(options), storage, outside, failpoints, trace, clock));
  REPL_ASSIGN_OR_RETURN(loop->log_device_, MakeLogDevice(io, storage.log(), loop->MakeLogHooks()));
  return loop;
}

NodeLoop::~NodeLoop() {
  {
    absl::MutexLock lock(&timer_mutex_);
    stopping_ = true;
    timer_changed_.Signal();
  }
  if (timer_thread_.joinable()) timer_thread_.join();
  log_device_.reset();
}

// A failpoint inside the log device's work kills or stops the whole process at once.
LogHooks NodeLoop::MakeLogHooks() {
  LogHooks hooks;
  hooks.notify = [this](Event event) { Post(std::move(event)); };
  hooks.write = [this](BatchPtr batch) -> absl::Status {
    while (batch != nullptr) {
      REPL_ASSIGN_OR_RETURN(const std::optional<Node::Stop> stop, node_.WriteUntilFailpoint(batch));
      if (!stop) break;
      node_.trace().AddFailpoint(stop->match.lsn);
      SignalSelf(stop->match.pause);
      batch = stop->rest;
    }
    return absl::OkStatus();
  };
  const auto pass_flush = [this](bool after, Lsn first, Lsn last) {
    const auto match = node_.PassFlush(after, first, last);
    if (!match) return;
    node_.trace().AddFailpoint(match->lsn);
    SignalSelf(match->pause);
  };
  hooks.before_flush = [this, pass_flush](Lsn first, Lsn last, uint64_t device_bytes) {
    pass_flush(/*after=*/false, first, last);
    if (device_bytes > 0) node_.trace().FlushBegins();
  };
  hooks.after_flush = [this, pass_flush](Lsn first, Lsn last, uint64_t device_bytes) {
    if (device_bytes > 0) node_.trace().FlushEnded(last, device_bytes);
    pass_flush(/*after=*/true, first, last);
  };
  return hooks;
}

void NodeLoop::Run(std::unique_ptr<Core> core, bool leads, Node::Cores cores) {
  Do([core = std::move(core), leads, cores = std::move(cores)](Node& node) mutable {
    node.Run(std::move(core), leads, std::move(cores));
  });
  timer_thread_ = std::thread([this] { TimerThread(); });
}

void NodeLoop::PostAll(std::vector<Event> events) {
  std::vector<Item> items;
  items.reserve(events.size());
  for (Event& event : events) items.emplace_back(Node::Item(std::move(event)));
  combiner_.PostAll(std::move(items));
}

void NodeLoop::Handle(std::vector<Item>& items) {
  for (Item& item : items) {
    if (auto* todo = std::get_if<Node::Item>(&item)) {
      node_.Add(std::move(*todo));
    } else {
      node_.Resume();
    }
  }
  node_.Turn();
  SetTimer(clock_.Global(node_.NextTimer()));
}

void NodeLoop::Fire(bool pause) {
  SignalSelf(pause);
  combiner_.Post(Resume{});
}

// Exits at once, without destructors, so that no operation in progress completes.
void NodeLoop::Fail(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::fflush(stderr);
  _exit(kExitDiskFailed);
}

// The simulator, which started the process, reads these lines.
void NodeLoop::Elected(Epoch epoch, Lsn last) {
  std::printf("elected %s\n", ToString(Position{epoch, last}).c_str());
  std::fflush(stdout);
}

void NodeLoop::SteppedDown() {
  std::printf("stepped down\n");
  std::fflush(stdout);
}

// --- the timer ---

void NodeLoop::SetTimer(Instant when) {
  absl::MutexLock lock(&timer_mutex_);
  const bool sooner = when < timer_;
  timer_ = when;
  if (sooner) timer_changed_.Signal();
}

void NodeLoop::TimerThread() {
  for (;;) {
    {
      absl::MutexLock lock(&timer_mutex_);
      for (Instant now = MonotonicNow(); !stopping_ && timer_ > now; now = MonotonicNow()) {
        const Nanos left = timer_ == kNever ? Millis(1000) : timer_ - now;
        timer_changed_.WaitWithTimeout(&timer_mutex_, absl::FromChrono(left));
      }
      if (stopping_) return;
      timer_ = kNever;  // the turn that the event starts sets it again
    }
    Post(TimerFired{});
  }
}

}  // namespace replsim
