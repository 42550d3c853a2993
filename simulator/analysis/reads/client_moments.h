// The begins and ends of one client's operations, in order of time. Equal times are ordered by the
// client's own sequence: the end of an operation comes before the start of the client's next one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

#include "simulator/recording/history.h"

namespace replsim {

struct ClientMoment {
  int64_t time_ns = 0;
  bool is_begin = false;
  const Operation* operation = nullptr;
};

inline std::vector<ClientMoment> MomentsOf(const std::vector<const Operation*>& operations) {
  std::vector<ClientMoment> moments;
  moments.reserve(2 * operations.size());
  for (const Operation* operation : operations) {
    moments.push_back({operation->invoked_ns, true, operation});
    moments.push_back({operation->completed_ns, false, operation});
  }
  std::stable_sort(
      moments.begin(), moments.end(), [](const ClientMoment& a, const ClientMoment& b) {
        const auto order = [](const ClientMoment& moment) {
          return std::tuple(moment.time_ns, moment.operation->sequence, !moment.is_begin);
        };
        return order(a) < order(b);
      });
  return moments;
}

}  // namespace replsim
