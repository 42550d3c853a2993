// Waits for what another process or thread brings about and tells nobody of.
#pragma once

#include <poll.h>

#include <functional>

namespace replsim {

// Whether `holds` does within two minutes, which a machine that is busy with other things may take;
// asked a hundred times a second.
inline bool Eventually(const std::function<bool()>& holds) {
  for (int i = 0; i < 12'000; ++i) {
    if (holds()) return true;
    poll(nullptr, 0, 10);
  }
  return false;
}

}  // namespace replsim
