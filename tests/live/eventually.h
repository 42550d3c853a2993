// Polls for an effect of another process or thread that sends no notification.
#pragma once

#include <poll.h>

#include <functional>

namespace replsim {

// Returns whether `holds` becomes true within two minutes, the time a busy machine may need. Polls
// a hundred times per second.
inline bool Eventually(const std::function<bool()>& holds) {
  for (int i = 0; i < 12'000; ++i) {
    if (holds()) return true;
    poll(nullptr, 0, 10);
  }
  return false;
}

}  // namespace replsim
