// What the resolved scenario says of the load and of the gate, for figures that hold what happened
// against what was asked for. A setting that the recording does not have is absent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim {

struct WorkloadFacts {
  std::optional<double> rate;         // operations per second; open loop only
  std::optional<double> write_share;  // of all operations, 0 to 1
  std::optional<uint64_t> clients;
  uint64_t depth = 1;  // operations that a client keeps in flight
  std::optional<int64_t> deadline_ns;
  // The groups in which clients sit, where there are several. Client c sits in groups[c % size].
  std::vector<std::string> client_groups;
  std::optional<bool> waits_for_replicas;  // whether ack_after is a stage of replicas
  std::string on_timeout;                  // empty: not known

  size_t GroupOf(uint32_t client) const { return client % client_groups.size(); }
};

WorkloadFacts ReadWorkloadFacts(absl::string_view scenario_yaml);

}  // namespace replsim
