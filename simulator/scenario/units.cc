#include "simulator/scenario/units.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace replsim {
namespace {

struct Unit {
  const char* name;
  uint64_t factor;
};
// Largest first: ToText takes the first unit that divides the value.
constexpr Unit kTimeUnits[] = {{"s", 1000000000}, {"ms", 1000000}, {"us", 1000}, {"ns", 1}};
constexpr Unit kLongTimeUnits[] = {{"h", 3600000000000}, {"m", 60000000000}};
constexpr Unit kSizeUnits[] = {
    {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"GB", 1000000000},
    {"MB", 1000000},  {"kB", 1000},     {"B", 1}};
constexpr Unit kOtherKilo[] = {{"KB", 1000}};
constexpr Unit kBandwidthUnits[] = {{"Gbit/s", 1000000000}, {"MiB/s", 8 << 20}, {"MB/s", 8000000},
                                    {"Mbit/s", 1000000},    {"KiB/s", 8 << 10}, {"kB/s", 8000},
                                    {"kbit/s", 1000}};
constexpr Unit kBit[] = {{"bit/s", 1}};

// One year: sums of a few such durations fit into 64 bits.
constexpr uint64_t kMostDurationNs = uint64_t{8760} * 3600000000000;
constexpr char kMostDuration[] = "8760h";
constexpr uint64_t kMostBytes = uint64_t{1} << 50;
constexpr char kMostSize[] = "1048576GiB";
constexpr uint64_t kMostBitsPerSecond = 1000000000000;
constexpr char kMostBandwidth[] = "1000Gbit/s";

constexpr char kDurationForms[] = "a duration such as 20ms, 1.5s, 200us or 0s";
constexpr char kSizeForms[] = "a size such as 100, 64KiB or 1MB";

absl::Status Expected(absl::string_view read, absl::string_view forms, absl::string_view why = "") {
  return absl::InvalidArgumentError(absl::StrCat("'", read.substr(0, 60), "' ", why,
                                                 why.empty() ? "" : "; ", "expected ", forms));
}

// Splits "1.5ms" into "1.5" and "ms".
std::pair<absl::string_view, absl::string_view> SplitUnit(absl::string_view text) {
  size_t end = 0;
  while (end < text.size() &&
         (absl::ascii_isdigit(static_cast<unsigned char>(text[end])) || text[end] == '.'))
    ++end;
  return {text.substr(0, end), absl::StripAsciiWhitespace(text.substr(end))};
}

enum class Problem { kNone, kNotANumber, kTooFine, kTooLarge };

// Returns number × factor, exactly; at most `most`.
Problem Multiply(absl::string_view number, uint64_t factor, uint64_t most, uint64_t* out) {
  constexpr size_t kMostDigits = 18;  // keeps the product within 128 bits
  const std::vector<absl::string_view> parts = absl::StrSplit(number, '.');
  if (number.empty() || parts.size() > 2 || parts.front().empty() || parts.back().empty()) {
    return Problem::kNotANumber;
  }
  absl::uint128 whole = 0;
  for (const char c : parts[0]) {
    whole = whole * 10 + static_cast<unsigned>(c - '0');
    if (whole > most) return Problem::kTooLarge;
  }
  absl::uint128 numerator = 0;
  absl::uint128 denominator = 1;
  if (parts.size() == 2) {
    absl::string_view digits = parts[1];
    while (absl::ConsumeSuffix(&digits, "0")) {
    }
    if (digits.size() > kMostDigits) return Problem::kTooFine;
    for (const char c : digits) {
      numerator = numerator * 10 + static_cast<unsigned>(c - '0');
      denominator *= 10;
    }
  }
  if (numerator * factor % denominator != 0) return Problem::kTooFine;
  const absl::uint128 total = whole * factor + numerator * factor / denominator;
  if (total > most) return Problem::kTooLarge;
  *out = absl::Uint128Low64(total);
  return Problem::kNone;
}

// `most` is the spelling of the largest value.
std::string Why(Problem problem, absl::string_view most) {
  switch (problem) {
    case Problem::kNone:
      return "";
    case Problem::kNotANumber:
      return "does not begin with a number";
    case Problem::kTooFine:
      return "is smaller than the smallest unit";
    case Problem::kTooLarge:
      return absl::StrCat("is too large, more than ", most);
  }
  return "";
}

template <size_t kCount, size_t kMore>
std::optional<uint64_t> FactorOf(absl::string_view unit, const Unit (&units)[kCount],
                                 const Unit (&more)[kMore]) {
  for (const Unit& known : units) {
    if (unit == known.name) return known.factor;
  }
  for (const Unit& known : more) {
    if (unit == known.name) return known.factor;
  }
  return std::nullopt;
}

template <size_t kCount, size_t kMore>
std::vector<std::string> NamesOf(const Unit (&units)[kCount], const Unit (&more)[kMore]) {
  std::vector<std::string> names;
  for (const Unit& unit : units) names.emplace_back(unit.name);
  for (const Unit& unit : more) names.emplace_back(unit.name);
  return names;
}

std::optional<uint32_t> ParseCount(absl::string_view text) {
  uint32_t count = 0;
  if (text.empty() || !absl::ascii_isdigit(static_cast<unsigned char>(text[0])) ||
      !absl::SimpleAtoi(text, &count)) {
    return std::nullopt;
  }
  return count;
}

}  // namespace

absl::StatusOr<proto::Duration> ParseDuration(absl::string_view text) {
  if (absl::StartsWith(text, "-")) return Expected(text, kDurationForms, "is negative");
  const auto [number, unit] = SplitUnit(text);
  if (!number.empty() && unit.empty()) return Expected(text, kDurationForms, "has no unit");
  if (number.empty())
    return Expected(text, kDurationForms, Why(Problem::kNotANumber, kMostDuration));
  const std::optional<uint64_t> factor = FactorOf(unit, kTimeUnits, kLongTimeUnits);
  if (!factor.has_value()) {
    return Expected(text, kDurationForms,
                    absl::StrCat("has the unknown unit '", unit.substr(0, 20),
                                 "' (known: ns, us, ms, s, m, h)"));
  }
  uint64_t ns = 0;
  const Problem problem = Multiply(number, *factor, kMostDurationNs, &ns);
  if (problem != Problem::kNone) return Expected(text, kDurationForms, Why(problem, kMostDuration));
  proto::Duration duration;
  duration.set_ns(static_cast<int64_t>(ns));
  return duration;
}

absl::StatusOr<proto::Duration> ParseOffset(absl::string_view text) {
  const bool behind = absl::ConsumePrefix(&text, "-");
  absl::StatusOr<proto::Duration> offset = ParseDuration(text);
  if (offset.ok() && behind) offset->set_ns(-offset->ns());
  return offset;
}

absl::StatusOr<proto::Delay> ParseDelay(absl::string_view text) {
  absl::StatusOr<proto::Duration> constant = ParseDuration(text);
  if (!constant.ok()) return constant.status();
  proto::Delay delay;
  *delay.mutable_plus() = *std::move(constant);
  return delay;
}

absl::StatusOr<proto::Size> ParseSize(absl::string_view text) {
  const auto [number, unit] = SplitUnit(text);
  if (number.empty()) return Expected(text, kSizeForms, Why(Problem::kNotANumber, kMostSize));
  const std::optional<uint64_t> factor = unit.empty() ? 1 : FactorOf(unit, kSizeUnits, kOtherKilo);
  if (!factor.has_value()) {
    return Expected(text, kSizeForms,
                    absl::StrCat("has the unknown unit '", unit.substr(0, 20),
                                 "' (known: B, kB, MB, GB, KiB, MiB, GiB)"));
  }
  uint64_t bytes = 0;
  const Problem problem = Multiply(number, *factor, kMostBytes, &bytes);
  if (problem != Problem::kNone) return Expected(text, kSizeForms, Why(problem, kMostSize));
  proto::Size size;
  size.set_bytes(bytes);
  return size;
}

absl::StatusOr<proto::Rate> ParseRate(absl::string_view text) {
  constexpr char kForms[] = "a rate such as 2000/s";
  const auto [number, unit] = SplitUnit(text);
  double per_second = 0;
  if (number.empty() || !absl::SimpleAtod(number, &per_second)) {
    return Expected(text, kForms, "does not begin with a number");
  }
  if (unit.empty()) return Expected(text, kForms, "has no unit");
  if (unit != "/s") return Expected(text, kForms, "has an unknown unit (known: /s)");
  if (!std::isfinite(per_second)) return Expected(text, kForms, "is too large");
  proto::Rate rate;
  rate.set_per_second(per_second);
  return rate;
}

absl::StatusOr<proto::Bandwidth> ParseBandwidth(absl::string_view text) {
  constexpr char kForms[] = "a bandwidth such as 100Mbit/s, 512kbit/s or 12.5MB/s";
  const auto [number, unit] = SplitUnit(text);
  if (number.empty()) return Expected(text, kForms, Why(Problem::kNotANumber, kMostBandwidth));
  if (unit.empty()) return Expected(text, kForms, "has no unit");
  const std::optional<uint64_t> factor = FactorOf(unit, kBandwidthUnits, kBit);
  if (!factor.has_value()) {
    return Expected(text, kForms,
                    absl::StrCat("has the unknown unit '", unit.substr(0, 20),
                                 "' (known: bit/s, kbit/s, Mbit/s, Gbit/s, kB/s, MB/s, KiB/s, "
                                 "MiB/s)"));
  }
  uint64_t bits_per_second = 0;
  const Problem problem = Multiply(number, *factor, kMostBitsPerSecond, &bits_per_second);
  if (problem != Problem::kNone) return Expected(text, kForms, Why(problem, kMostBandwidth));
  proto::Bandwidth bandwidth;
  bandwidth.set_bits_per_second(bits_per_second);
  return bandwidth;
}

absl::StatusOr<proto::SyncSetSpec> ParseSyncSet(absl::string_view text) {
  constexpr char kForms[] = "any K, first K, first K [r1, r2], majority, all or in-sync";
  proto::SyncSetSpec set;
  absl::string_view rest = absl::StripAsciiWhitespace(text);
  if (rest == "majority" || rest == "all") {
    set.set_kind(rest == "all" ? proto::SyncSetSpec::ALL : proto::SyncSetSpec::MAJORITY);
    return set;
  }
  if (rest == "in-sync") {
    set.set_kind(proto::SyncSetSpec::IN_SYNC);
    return set;
  }
  if (absl::ConsumePrefix(&rest, "any ")) {
    set.set_kind(proto::SyncSetSpec::ANY_OF);
  } else if (absl::ConsumePrefix(&rest, "first ")) {
    set.set_kind(proto::SyncSetSpec::FIRST_OF);
  } else {
    return Expected(text, kForms);
  }
  const size_t bracket = rest.find('[');
  if (bracket != absl::string_view::npos) {
    absl::string_view ids = absl::StripAsciiWhitespace(rest.substr(bracket + 1));
    if (!absl::ConsumeSuffix(&ids, "]")) return Expected(text, kForms, "has no closing bracket");
    if (set.kind() == proto::SyncSetSpec::ANY_OF)
      return Expected(text, kForms, "names ids, which only first allows");
    for (const absl::string_view id : absl::StrSplit(ids, ',')) {
      const absl::string_view trimmed = absl::StripAsciiWhitespace(id);
      if (trimmed.empty()) return Expected(text, kForms, "has an empty id");
      set.add_ids(std::string(trimmed));
    }
    rest = rest.substr(0, bracket);
  }
  const std::optional<uint32_t> count = ParseCount(absl::StripAsciiWhitespace(rest));
  if (!count.has_value()) return Expected(text, kForms, "has no number of replicas");
  if (*count == 0)
    return Expected(text, kForms,
                    "waits for no replica; use an ack_after stage of the primary instead");
  set.set_count(*count);
  return set;
}

std::vector<std::string> DurationUnits() { return NamesOf(kTimeUnits, kLongTimeUnits); }
std::vector<std::string> SizeUnits() { return NamesOf(kSizeUnits, kOtherKilo); }
std::vector<std::string> BandwidthUnits() { return NamesOf(kBandwidthUnits, kBit); }

std::string ToText(const proto::Duration& duration) {
  if (duration.ns() == 0) return "0s";
  for (const Unit& unit : kTimeUnits) {
    const int64_t factor = static_cast<int64_t>(unit.factor);
    if (duration.ns() % factor == 0) return absl::StrCat(duration.ns() / factor, unit.name);
  }
  return absl::StrCat(duration.ns(), "ns");
}

std::string ToText(const proto::Size& size) {
  if (size.bytes() == 0) return "0";
  for (const Unit& unit : kSizeUnits) {
    if (unit.factor > 1 && size.bytes() % unit.factor == 0) {
      return absl::StrCat(size.bytes() / unit.factor, unit.name);
    }
  }
  return absl::StrCat(size.bytes());
}

std::string ToText(const proto::Rate& rate) {
  return absl::StrCat(ToText(rate.per_second()), "/s");
}

std::string ToText(const proto::Bandwidth& bandwidth) {
  const uint64_t bits = bandwidth.bits_per_second();
  for (const Unit& unit : kBandwidthUnits) {
    if (bits > 0 && bits % unit.factor == 0) return absl::StrCat(bits / unit.factor, unit.name);
  }
  return absl::StrCat(bits, kBit[0].name);
}

std::string ToText(const proto::SyncSetSpec& set) {
  switch (set.kind()) {
    case proto::SyncSetSpec::ANY_OF:
      return absl::StrCat("any ", set.count());
    case proto::SyncSetSpec::FIRST_OF:
      if (set.ids().empty()) return absl::StrCat("first ", set.count());
      return absl::StrCat("first ", set.count(), " [", absl::StrJoin(set.ids(), ", "), "]");
    case proto::SyncSetSpec::MAJORITY:
      return "majority";
    case proto::SyncSetSpec::ALL:
      return "all";
    case proto::SyncSetSpec::IN_SYNC:
      return "in-sync";
    default:
      return "";
  }
}

std::string ToText(double number) {
  // Never uses an exponent: a scenario does not accept "2e3/s".
  char digits[400];
  const auto [end, error] =
      std::to_chars(digits, digits + sizeof(digits), number, std::chars_format::fixed);
  return error == std::errc() ? std::string(digits, end) : absl::StrCat(number);
}

}  // namespace replsim
