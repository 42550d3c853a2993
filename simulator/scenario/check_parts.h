// The parts of CheckScenario, one file each. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/scenario/check.h"

namespace replsim {

// Limit of operations in flight. The cluster sees each as a separate client and keeps the last
// requests of at least 131,072 clients (common/storage/store/request_table.h).
constexpr uint64_t kMaxInFlight = 100'000;
// Limit of a write or record number in a fault; it exceeds any run.
constexpr uint64_t kMaxWrites = 1'000'000'000'000;

// Input of every part: the scenario, and a way to report a mistake at a path.
struct CheckContext {
  const proto::Scenario& scenario;
  const Places& places;
  Mistakes* mistakes;

  // Returns whether the value at `path` could be read. A check that combines two settings is
  // skipped if one of them is already a mistake.
  bool Known(const std::string& path) const { return !places.IsUnread(path); }

  // Reports a mistake, unless the reader has already reported that path.
  void Refuse(const std::string& path, std::string text) const {
    if (!places.IsUnread(path)) mistakes->Add(places.Find(path), std::move(text));
  }

  // Refuses a count above `most`.
  void AtMost(const std::string& path, uint64_t count, uint64_t most) const {
    if (count <= most) return;
    Refuse(path, absl::StrCat(path, " is ", count, "; expected at most ", most));
  }
};

void CheckReplication(const CheckContext& context);
void CheckDurability(const CheckContext& context);
void CheckWorkload(const CheckContext& context);
void CheckSession(const CheckContext& context);
void CheckElections(const CheckContext& context);
void CheckFaults(const CheckContext& context);
// Checks the ends of network links and of link faults, after the expansion of groups.
void CheckEnds(const CheckContext& context, const std::string& path,
               const std::vector<std::string>& from, const std::vector<std::string>& to);
// Checks `between` and `rtt`, also if one of them is missing.
void CheckBetween(const CheckContext& context, const std::string& path, const proto::Link& link);
void CheckDrift(const CheckContext& context, const std::string& path, double drift);
void CheckDelay(const CheckContext& context, const std::string& path, const proto::Delay& delay);
void CheckLoss(const CheckContext& context, const std::string& path, double loss);
// Checks that heartbeats and records cross the links of `network` before the nodes' timeouts.
void CheckHeartbeatTimeouts(const CheckContext& context);
void CheckBandwidth(const CheckContext& context, const std::string& path,
                    const proto::Bandwidth& bandwidth);

}  // namespace replsim
