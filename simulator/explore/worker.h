// A forked process that runs trials, one after the other. A trial may kill the process; the parent
// then reports how the trial ended. The process's stderr is captured, not shown.
//
// Fork before the program starts threads. Single-threaded.
#pragma once

#include <sys/types.h>

#include <string>

#include "common/base/time.h"
#include "simulator/explore/trial.h"

namespace replsim {

class Worker {
 public:
  // `patience` limits the processor time of a trial; twenty times as much limits its real time. A
  // trial that exceeds one of them is killed with its process.
  Worker(const RunTrial& trial, Nanos patience);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void Send(const proto::Scenario& scenario);
  // A descriptor to poll for the answer or the end of the process. errors() must be polled as well.
  int answers() const { return answers_; }
  int errors() const { return errors_; }

  // Reads what has arrived. Returns true and sets `end` once the trial has ended. Call it when
  // answers() is readable.
  bool TakeEnd(TrialEnd* end);
  // Call it when errors() is readable.
  void ReadErrors();
  // Returns whether the process has died and must be replaced.
  bool dead() const { return dead_; }

 private:
  void Fork(const RunTrial& trial, Nanos patience);
  TrialEnd Reap();

  pid_t pid_ = -1;
  int answers_ = -1;  // a socket, for both directions
  int errors_ = -1;   // reading end of the process's stderr; -1 once it is closed
  std::string received_;
  std::string last_stderr_;
  bool dead_ = false;
};

}  // namespace replsim
