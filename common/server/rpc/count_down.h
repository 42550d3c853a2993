// A callback that runs another one when it has been called a given number of times. Thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include "absl/functional/any_invocable.h"

namespace replsim {

// Runs `then` in the last of `calls` calls, on the calling thread; calls > 0.
inline std::function<void()> CountDown(size_t calls, absl::AnyInvocable<void()> then) {
  struct State {
    State(size_t count, absl::AnyInvocable<void()> callback)
        : left(count), then(std::move(callback)) {}
    std::atomic<size_t> left;
    absl::AnyInvocable<void()> then;
  };
  const auto state = std::make_shared<State>(calls, std::move(then));
  return [state] {
    if (state->left.fetch_sub(1) == 1) state->then();
  };
}

}  // namespace replsim
