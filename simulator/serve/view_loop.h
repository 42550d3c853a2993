// Creates the view of an active run repeatedly, with little effect on the run. Each view is created
// by a separate process at the lowest priority, so a crash ends only that process. Between two
// views there is a pause of at least one second and at least twenty times the CPU time of the last
// one.
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
  // `command`: a program with its arguments. It must print a packed view to stdout and exit with
  // status 0; otherwise the last view stays in place. `show` is called on the loop's thread.
  ViewLoop(std::vector<std::string> command, std::function<void(LiveView)> show);
  // Stops the loop. A view that is being created is aborted.
  ~ViewLoop();

  // Call at the end of the run, from a thread other than the loop's. Creates one last view at once,
  // at normal priority, and returns after it has been shown.
  void Finish();

 private:
  void Loop();
  bool WaitForNext(double processor_s);  // false: the loop is to end
  // Runs the command to its end; returns the CPU time that it took, in seconds.
  double MakeOne(bool hurry);

  const std::vector<std::string> command_;
  const std::function<void(LiveView)> show_;
  absl::Mutex mutex_;
  absl::CondVar changed_;
  bool finishing_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  pid_t child_ ABSL_GUARDED_BY(mutex_) = 0;  // the child that is not reaped yet; 0: none
  std::thread thread_;
};

}  // namespace replsim
