// Settings of the load and of the gate, read from the resolved scenario, for measures that compare
// the run with what was requested. A setting that the recording does not have is absent.
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
  // Names of the client groups if there are several, otherwise empty. Client c belongs to groups[c
  // % size].
  std::vector<std::string> client_groups;
  std::optional<bool> waits_for_replicas;  // whether ack_after is a stage of the replicas
  std::string on_timeout;                  // empty: unknown
  // The replicas that the primary wants in its in-sync set, 0 for all that may lead; absent with
  // another sync set.
  std::optional<uint64_t> in_sync_size;
  uint64_t never_lead = 0;  // replicas that may not lead

  size_t GroupOf(uint32_t client) const { return client % client_groups.size(); }
};

WorkloadFacts ReadWorkloadFacts(absl::string_view scenario_yaml);

}  // namespace replsim
