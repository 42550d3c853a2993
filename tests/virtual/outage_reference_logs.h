// Reconstructs the contents of every log at every instant, for outage_reference.cc.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "tests/virtual/outage_reference_faults.h"

namespace replsim {

struct ReferenceLogs {
  // For each leadership, by epoch: the epoch of each of its entries.
  std::map<uint64_t, std::vector<uint64_t>> of_epoch;
  // For each node and instant: entries of the primary's log that the node had not applied. No value
  // while the node led or did not exist yet.
  std::vector<std::map<int64_t, uint64_t>> missing;
};

// `times` holds every instant at which a trace has a record.
ReferenceLogs FollowLogs(const Recording& recording, const std::vector<Leads>& leads,
                         const std::set<int64_t>& times);

}  // namespace replsim
