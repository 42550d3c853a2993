// What a check that fails (check.h) says of where it failed beyond file and line: the seed, the
// node, the time. Needed by virtual time, where one thread is many nodes.
#pragma once

#include <functional>
#include <string>

namespace replsim {

// While one exists, a check that fails on its thread also prints what `describe` says. The
// innermost one speaks alone.
class CheckContext {
 public:
  explicit CheckContext(std::function<std::string()> describe);
  ~CheckContext();
  CheckContext(const CheckContext&) = delete;
  CheckContext& operator=(const CheckContext&) = delete;

  static std::string Describe();  // of this thread's innermost one; empty: there is none

 private:
  const std::function<std::string()> describe_;
  CheckContext* const outer_;
};

}  // namespace replsim
