// What every log of a recording held at every instant, for outage_reference.cc.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "tests/virtual/outage_reference_faults.h"

namespace replsim {

struct ReferenceLogs {
  // Of each leadership, by epoch: the epoch of each of its entries.
  std::map<uint64_t, std::vector<uint64_t>> of_epoch;
  // Of each node and instant: entries of the leading primary's log that it had not applied; nothing
  // where it led or was not there yet.
  std::vector<std::map<int64_t, uint64_t>> missing;
};

// `times` holds every instant at which a trace has a record.
ReferenceLogs FollowLogs(const Recording& recording, const std::vector<Leads>& leads,
                         const std::set<int64_t>& times);

}  // namespace replsim
