// Which nodes ran and which links were open, from the run's events: whether a message that leaves
// no record could have arrived.
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

  // Forward only.
  void MoveTo(int64_t time_ns);

  // The node runs and is not paused: whoever asks it gets an answer.
  bool Answers(size_t node) const { return !down_[node] && !paused_[node]; }
  // A message from one to the other arrives, and is read.
  bool Passes(size_t from, size_t to) const;

 private:
  void Take(const proto::RunEvent& event);
  void TakeNode(const proto::RunEvent& event, size_t node);

  const Recording& recording_;
  size_t next_ = 0;  // event
  std::vector<bool> down_;
  std::vector<bool> paused_;
  std::set<std::pair<std::string, std::string>> cut_;  // from, to
};

}  // namespace replsim
