// One forked process that runs trials, one after the other, as they are sent to it. It may die of a
// trial; the one that forked it lives on and hears of it. What it says on stderr is kept, not
// shown.
//
// Fork before the program has threads.
#pragma once

#include <sys/types.h>

#include <string>

#include "common/base/time.h"
#include "simulator/explore/trial.h"

namespace replsim {

class Worker {
 public:
  // A trial that uses more processor time than `patience`, or twenty times as much of real time, is
  // killed with its process.
  Worker(const RunTrial& trial, Nanos patience);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void Send(const proto::Scenario& scenario);
  // To wait on for reading, besides errors(): the answer, or the end.
  int answers() const { return answers_; }
  int errors() const { return errors_; }

  // Whatever has come; the end of the trial once it has ended. Call when answers() is readable.
  bool TakeEnd(TrialEnd* end);
  // Call when errors() is readable.
  void ReadErrors();
  // Whether it must be replaced: it has died.
  bool dead() const { return dead_; }

 private:
  void Fork(const RunTrial& trial, Nanos patience);
  TrialEnd Bury();

  pid_t pid_ = -1;
  int answers_ = -1;  // a socket, both ways
  int errors_ = -1;   // the reading end of its stderr; -1 once that is closed
  std::string received_;
  std::string last_words_;
  bool dead_ = false;
};

}  // namespace replsim
