#include "simulator/choose/request.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status.h"
#include "common/base/suggest.h"
#include "simulator/scenario/presets.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

constexpr char kOwnModes[] = "replsim";
constexpr uint32_t kMostReplicas = 16;

// Returns the number of a replica's name, "r2"; 0 if it is none.
uint32_t NumberOf(absl::string_view name) {
  uint32_t number = 0;
  if (name.size() < 2 || name[0] != 'r' || !absl::SimpleAtoi(name.substr(1), &number)) return 0;
  return name == absl::StrCat("r", number) && number <= kMostReplicas ? number : 0;
}

absl::StatusOr<RoundTrip> ParseRoundTrip(absl::string_view part) {
  const std::vector<std::string> sides = absl::StrSplit(part, absl::MaxSplits('=', 1));
  const std::vector<std::string> ends = absl::StrSplit(sides[0], absl::MaxSplits('-', 1));
  const bool named = std::all_of(ends.begin(), ends.end(),
                                 [](const std::string& end) { return NumberOf(end) > 0; });
  if (sides.size() != 2 || !named || (ends.size() == 2 && ends[0] == ends[1])) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", part, "': expected a replica (r1 to r", kMostReplicas,
                     ") or two, and a round-trip time, for example r1=0.8ms or r1-r2=34ms"));
  }
  const absl::StatusOr<proto::Duration> rtt = ParseDuration(sides[1]);
  if (!rtt.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("'", part, "': ", rtt.status().message()));
  }
  if (ends.size() == 1) return RoundTrip{"p", ends[0], sides[1]};
  return RoundTrip{ends[0], ends[1], sides[1]};
}

bool IsOf(const RoundTrip& trip, const std::string& a, const std::string& b) {
  return (trip.a == a && trip.b == b) || (trip.a == b && trip.b == a);
}

const RoundTrip* Find(const std::vector<RoundTrip>& trips, const std::string& a,
                      const std::string& b) {
  const auto found = std::find_if(trips.begin(), trips.end(),
                                  [&](const RoundTrip& trip) { return IsOf(trip, a, b); });
  return found == trips.end() ? nullptr : &*found;
}

// The text was checked.
int64_t NanosOf(const std::string& duration) {
  const absl::StatusOr<proto::Duration> parsed = ParseDuration(duration);
  return parsed.ok() ? parsed->ns() : 0;
}

const RoundTrip& Longer(const RoundTrip& a, const RoundTrip& b) {
  return NanosOf(a.rtt) < NanosOf(b.rtt) ? b : a;
}

// Adds the pairs of replicas that were left out.
void FillIn(uint32_t replicas, std::vector<RoundTrip>* trips) {
  for (uint32_t i = 1; i <= replicas; ++i) {
    for (uint32_t j = i + 1; j <= replicas; ++j) {
      const std::string a = absl::StrCat("r", i);
      const std::string b = absl::StrCat("r", j);
      if (Find(*trips, a, b) != nullptr) continue;
      trips->push_back({a, b, Longer(*Find(*trips, "p", a), *Find(*trips, "p", b)).rtt});
    }
  }
}

// "postgres:on" is of the family "postgres".
std::string FamilyOf(const std::string& preset) {
  const size_t colon = preset.find(':');
  return colon == std::string::npos ? kOwnModes : preset.substr(0, colon);
}

}  // namespace

absl::StatusOr<std::vector<RoundTrip>> ParseRoundTrips(absl::string_view text) {
  std::vector<RoundTrip> trips;
  uint32_t replicas = 0;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    REPL_ASSIGN_OR_RETURN(RoundTrip trip, ParseRoundTrip(part));
    if (Find(trips, trip.a, trip.b) != nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("'", part, "': this link was already given"));
    }
    replicas = std::max({replicas, NumberOf(trip.a), NumberOf(trip.b)});
    trips.push_back(std::move(trip));
  }
  for (uint32_t i = 1; i <= replicas; ++i) {
    if (Find(trips, "p", absl::StrCat("r", i)) != nullptr) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("the round-trip time of r", i, " is missing: expected r", i, "=…"));
  }
  FillIn(replicas, &trips);
  return trips;
}

uint32_t ReplicasOf(const std::vector<RoundTrip>& round_trips) {
  return static_cast<uint32_t>(std::count_if(round_trips.begin(), round_trips.end(),
                                             [](const RoundTrip& trip) { return trip.a == "p"; }));
}

absl::StatusOr<std::vector<std::string>> ExpandModes(const std::vector<std::string>& names) {
  std::vector<std::string> modes;
  std::vector<std::string> known = {kOwnModes};
  for (const std::string& preset : PresetNames()) {
    known.push_back(preset);
    if (std::find(known.begin(), known.end(), FamilyOf(preset)) == known.end()) {
      known.push_back(FamilyOf(preset));
    }
  }
  for (const std::string& name : names.empty() ? std::vector<std::string>{kOwnModes} : names) {
    bool found = false;
    for (const std::string& preset : PresetNames()) {
      if (preset != name && FamilyOf(preset) != name) continue;
      found = true;
      if (std::find(modes.begin(), modes.end(), preset) == modes.end()) modes.push_back(preset);
    }
    if (found) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "'", name, "' is neither a preset nor a family of presets", Suggest(name, known)));
  }
  return modes;
}

uint32_t ClientsOf(const ChooseRequest& request) {
  if (request.clients > 0) return request.clients;
  int64_t longest = 0;
  for (const RoundTrip& trip : request.round_trips) longest = std::max(longest, NanosOf(trip.rtt));
  const absl::StatusOr<proto::Rate> rate = ParseRate(request.rate);
  const double seconds =
      2 * static_cast<double>(longest + 8 * NanosOf(request.flush) + 1'000'000) / 1e9;
  const double needed = rate.ok() ? std::ceil(rate->per_second() * seconds) : 0;
  return static_cast<uint32_t>(std::clamp(needed, 16.0, 4000.0));
}

}  // namespace replsim
