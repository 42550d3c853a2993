// Runs work that waits for files and other programs, on a thread of its own, one piece after the
// other, so that the io thread never waits.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "absl/functional/any_invocable.h"

namespace replsim {

class BlockingWork {
 public:
  using Work = absl::AnyInvocable<void()>;

  BlockingWork();
  // Waits for the piece in progress; drops those that have not begun.
  ~BlockingWork();
  BlockingWork(const BlockingWork&) = delete;
  BlockingWork& operator=(const BlockingWork&) = delete;

  // Any thread. `work` passes its result on itself.
  void Add(Work work);

 private:
  void Loop();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Work> queue_;
  bool ends_ = false;
  std::thread thread_;  // last: uses all of the above
};

}  // namespace replsim
