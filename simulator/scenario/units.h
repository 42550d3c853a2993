// Parses and prints numbers with units, as a scenario spells them. Parsing is exact (decimal
// digits, no floating point) except for rates. An error states what was read and what was expected,
// without a place. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protos/scenario.pb.h"

namespace replsim {

// "20ms", "1.5s", "200us", "0s"; units ns, us, ms, s, m, h. Never negative, at most 8760h.
absl::StatusOr<proto::Duration> ParseDuration(absl::string_view text);
// A clock offset: like a duration, but may be negative ("-5s" is behind).
absl::StatusOr<proto::Duration> ParseOffset(absl::string_view text);
// "20ms": a constant delay.
absl::StatusOr<proto::Delay> ParseDelay(absl::string_view text);
// "100", "64KiB", "1MB"; units B, kB, MB, GB, KiB, MiB, GiB; none is bytes.
absl::StatusOr<proto::Size> ParseSize(absl::string_view text);
// "2000/s", "0.5/s".
absl::StatusOr<proto::Rate> ParseRate(absl::string_view text);
// "100Mbit/s", "12.5MB/s"; units bit/s, kbit/s, Mbit/s, Gbit/s, kB/s, MB/s, KiB/s, MiB/s.
absl::StatusOr<proto::Bandwidth> ParseBandwidth(absl::string_view text);
// "any 1", "first 2", "first 2 [r1, r2]", "majority", "all".
absl::StatusOr<proto::SyncSetSpec> ParseSyncSet(absl::string_view text);

// Returns the units that the parsers accept.
std::vector<std::string> DurationUnits();
std::vector<std::string> SizeUnits();
std::vector<std::string> BandwidthUnits();

// Prints the value in a form that parses to the same value, in the largest unit without a fraction.
std::string ToText(const proto::Duration& duration);
std::string ToText(const proto::Size& size);
std::string ToText(const proto::Rate& rate);
std::string ToText(const proto::Bandwidth& bandwidth);
std::string ToText(const proto::SyncSetSpec& set);

// Prints the shortest decimal that reads back as the same double.
std::string ToText(double number);

}  // namespace replsim
