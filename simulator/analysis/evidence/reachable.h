// Which nodes ran and which links were open at an instant, from the run's events. Used for messages
// that leave no record: whether such a message could have arrived.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "simulator/recording/recording.h"

namespace replsim {

class Reachable {
 public:
  explicit Reachable(const Recording& recording)
      : recording_(recording), down_(recording.nodes.size()), paused_(recording.nodes.size()) {}

  // Moves to `time_ns`, which must not decrease between calls.
  void MoveTo(int64_t time_ns);

  // The node runs and is not paused, so it answers requests.
  bool Answers(size_t node) const { return !down_[node] && !paused_[node]; }
  // A message from one node to the other arrives and is processed.
  bool Passes(size_t from, size_t to) const;

 private:
  void Take(const proto::RunEvent& event);
  void TakeNode(const proto::RunEvent& event, size_t node);

  const Recording& recording_;
  size_t next_ = 0;  // index of the next event
  std::vector<bool> down_;
  std::vector<bool> paused_;
  std::set<std::pair<std::string, std::string>> cut_;  // partitioned links: (from, to)
};

}  // namespace replsim
