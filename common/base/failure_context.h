// What a check that fails (check.h) says of where it failed beyond file and line: the seed, the
// node, the time. Needed by virtual time, where one thread is many nodes.
#pragma once

#include <functional>
#include <string>

namespace replsim {

// While one exists, a check that fails on its thread also prints what `describe` says. The
// innermost one speaks alone.
class FailureContext {
 public:
  explicit FailureContext(std::function<std::string()> describe);
  ~FailureContext();
  FailureContext(const FailureContext&) = delete;
  FailureContext& operator=(const FailureContext&) = delete;

  static std::string Describe();  // of this thread's innermost one; empty: there is none

 private:
  const std::function<std::string()> describe_;
  FailureContext* const outer_;
};

}  // namespace replsim
