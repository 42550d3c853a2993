// Extracts faults and leaderships from a recording in virtual time, for outage_reference.cc.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "simulator/recording/recording.h"

namespace replsim {

inline constexpr int64_t kForever = std::numeric_limits<int64_t>::max();

inline bool Is(const TraceRecord& record, TraceKind kind) {
  return static_cast<TraceKind>(record.kind) == kind;
}

struct Span {
  std::string kind;  // down, paused, cut, link, disk, flap, apply, share
  std::string node;
  std::string peer;
  int64_t begin = 0;
  int64_t end = kForever;
};

struct Leads {
  uint64_t epoch = 0;
  size_t node = 0;
  int64_t begin = 0;
  std::optional<int64_t> elected;  // absent: nobody elected it
  std::optional<int64_t> stood;
};

std::optional<int64_t> StartAfter(const Recording& recording, size_t node, int64_t time);
std::vector<Leads> FindLeads(const Recording& recording);  // ascending epoch
// Whether the old primary told `next` to stand before `begin`, and committed no later write.
bool HandedOver(const Recording& recording, const Leads& old, size_t next, int64_t begin);
// Returns the node that led `epoch`.
std::optional<size_t> OwnerOf(const std::vector<Leads>& all, uint64_t epoch);
// Whether this event promoted the node that led from `led` on, as far as other promotions of the
// node do not matter.
bool Promotes(const Recording& recording, const std::vector<Leads>& all,
              const proto::RunEvent& event, const Leads& led);
// Returns the leader of the newest epoch that has begun at `time`; null before the first.
const Leads* LeaderAt(const std::vector<Leads>& leads, int64_t time);
// Returns the faults that made the node stop leading what it led as `led`; none of FindSpans.
std::vector<Span> FindDemotions(const Recording& recording, const Leads& led);
std::vector<Span> FindSpans(const Recording& recording);
// When the node gave up what it led as `led`, if it did so by `until`.
std::optional<int64_t> GaveUp(const Recording& recording, const Leads& led, int64_t until);
// The longest time between two neighbours of these instants from `stop` to `end`; the last one.
std::pair<int64_t, int64_t> LongestGap(std::set<int64_t> instants, int64_t stop, int64_t end);

}  // namespace replsim
