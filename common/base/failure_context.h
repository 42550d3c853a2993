// Context that a failed check (check.h) prints besides file and line: seed, node and time. Virtual
// time needs it because one thread there runs all nodes.
#pragma once

#include <functional>
#include <string>

namespace replsim {

// While an object exists, a check that fails on its thread also prints the result of `describe`. If
// there are several objects, only the innermost one is used. Destroy an object on the thread that
// created it.
class FailureContext {
 public:
  explicit FailureContext(std::function<std::string()> describe);
  ~FailureContext();
  FailureContext(const FailureContext&) = delete;
  FailureContext& operator=(const FailureContext&) = delete;

  // The result of this thread's innermost `describe`; empty if there is none.
  static std::string Describe();

 private:
  const std::function<std::string()> describe_;
  FailureContext* const outer_;
};

}  // namespace replsim
