// Makes the view of a run again and again while it goes on, and takes next to nothing from it: each
// view is made by a process of its own at the lowest priority (a mistake in it ends only that
// process), and between two of them lie at least a second and twenty times the processor time that
// the last one took.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "simulator/serve/live_view.h"

namespace replsim {

class ViewLoop {
 public:
  // `command`: a program and its arguments, which prints a packed view on stdout and ends with 0.
  // Any other end leaves the last view in place. `show` is called on the loop's thread.
  ViewLoop(std::vector<std::string> command, std::function<void(LiveView)> show);
  // Makes no other view; one that is being made is broken off.
  ~ViewLoop();

  // The run is over: makes one last view, at once and at the usual priority, and returns when it
  // has been shown.
  void Finish();

 private:
  void Loop();
  bool WaitForNext(double processor_s);  // false: no more
  // Runs the command to its end; what it took of a processor.
  double MakeOne(bool hurry);

  const std::vector<std::string> command_;
  const std::function<void(LiveView)> show_;
  absl::Mutex mutex_;
  absl::CondVar changed_;
  bool finishing_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  pid_t child_ ABSL_GUARDED_BY(mutex_) = 0;  // not yet reaped; 0: none
  std::thread thread_;
};

}  // namespace replsim
