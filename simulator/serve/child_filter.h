// Runs a program that reads a text from its stdin and prints an answer, one at a time: a newer call
// ends the program of the older one, whose answer nothing waits for any more. A crash of the
// program ends only that call.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace replsim {

class ChildFilter {
 public:
  ~ChildFilter() { Close(); }
  // Ends a program that still runs, and waits for its call. Later calls are Cancelled.
  void Close();

  struct Answer {
    int status = 0;      // exit status
    std::string output;  // all that it wrote to stdout and stderr
  };
  // `command`: a program with its arguments. Any thread; blocks until the program has ended.
  // Cancelled: a newer call, or Close, ended it. ResourceExhausted: it exceeded the limit of
  // processor time that it has set itself. Internal: it could not be started, or
  // died of a signal.
  absl::StatusOr<Answer> Run(std::vector<std::string> command, absl::string_view input);

 private:
  absl::Mutex mutex_;
  absl::CondVar changed_;
  uint64_t newest_ ABSL_GUARDED_BY(mutex_) = 0;  // number of the last call; only it may run
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;        // that have not returned
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  pid_t child_ ABSL_GUARDED_BY(mutex_) = 0;  // 0: none; not reaped yet
};

}  // namespace replsim
