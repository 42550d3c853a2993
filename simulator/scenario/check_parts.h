// The parts of CheckScenario, one file each.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/scenario/check.h"

namespace replsim {

// An operation in flight is a client to the cluster, which keeps the last requests of 131,072
// clients at least (common/storage/store/request_table.h).
constexpr uint64_t kMaxInFlight = 100'000;
// The largest number of a write or a record that a fault may name: more than any run makes.
constexpr uint64_t kMaxWrites = 1'000'000'000'000;

// What every part needs: the scenario, and a way to say what is wrong at a path.
struct CheckContext {
  const proto::Scenario& scenario;
  const Places& places;
  Mistakes* mistakes;

  // Whether what stands at that path was read: a check that looks at two settings says nothing of
  // one where the other is a mistake already.
  bool Known(const std::string& path) const { return !places.IsUnread(path); }

  // Nothing, where the reader has complained of that path already.
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
void CheckFaults(const CheckContext& context);
// Of network links and of link faults; groups have been spelled out.
void CheckEnds(const CheckContext& context, const std::string& path,
               const std::vector<std::string>& from, const std::vector<std::string>& to);
// Of `between` and `rtt`, also where one of them is missing.
void CheckBetween(const CheckContext& context, const std::string& path, const proto::Link& link);
void CheckDrift(const CheckContext& context, const std::string& path, double drift);
void CheckDelay(const CheckContext& context, const std::string& path, const proto::Delay& delay);
void CheckLoss(const CheckContext& context, const std::string& path, double loss);
// Whether the nodes can hear of each other before they lose patience, over the links as `network`
// sets them.
void CheckPatience(const CheckContext& context);
void CheckBandwidth(const CheckContext& context, const std::string& path,
                    const proto::Bandwidth& bandwidth);

}  // namespace replsim
