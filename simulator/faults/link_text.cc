#include "simulator/faults/link_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "simulator/faults/describe_fault.h"

namespace replsim {
namespace {

std::string Text(const proto::Duration& duration) { return DurationText(Nanos(duration.ns())); }

std::string MixtureText(const proto::Delay& delay) {
  const auto append = [](std::string* out, const proto::Delay& part) {
    absl::StrAppend(out, part.share(), " of ", DelayText(part));
  };
  return absl::StrCat("(", absl::StrJoin(delay.mixture(), ", ", append), ")");
}

// The full list of quantiles is in the scenario.
std::string QuantilesText(const proto::Delay& delay) {
  return absl::StrCat("measured, from ", Text(delay.quantiles().begin()->is()), " to ",
                      Text(delay.quantiles().rbegin()->is()));
}

// Returns an empty text for a constant.
std::string DistributionText(const proto::Delay& delay) {
  if (delay.has_uniform()) {
    return absl::StrCat("uniform from ", Text(delay.uniform().min()), " to ",
                        Text(delay.uniform().max()));
  }
  if (delay.has_normal()) {
    return absl::StrCat("normal with mean ", Text(delay.normal().mean()), ", standard deviation ",
                        Text(delay.normal().deviation()));
  }
  if (delay.has_exponential()) {
    return absl::StrCat("exponential with mean ", Text(delay.exponential().mean()));
  }
  if (delay.has_pareto()) {
    return absl::StrCat("pareto from ", Text(delay.pareto().min()), ", shape ",
                        delay.pareto().shape());
  }
  if (!delay.quantiles().empty()) return QuantilesText(delay);
  return delay.mixture().empty() ? "" : MixtureText(delay);
}

// Uses the largest unit that needs no fraction.
std::string BandwidthText(uint64_t bits_per_second) {
  for (const char* unit : {"bit/s", "kbit/s", "Mbit/s"}) {
    if (bits_per_second % 1000 != 0) return absl::StrCat(bits_per_second, unit);
    bits_per_second /= 1000;
  }
  return absl::StrCat(bits_per_second, "Gbit/s");
}

}  // namespace

std::string DelayText(const proto::Delay& delay) {
  const std::string distribution = DistributionText(delay);
  if (distribution.empty()) return Text(delay.plus());
  if (delay.plus().ns() == 0) return distribution;
  return absl::StrCat(distribution, " + ", Text(delay.plus()));
}

std::string LinkText(const LinkSpec& spec) {
  std::string text =
      absl::StrCat("delay ", DelayText(spec.delay), ", jitter ", DurationText(spec.jitter));
  if (spec.bits_per_second > 0)
    absl::StrAppend(&text, ", bandwidth ", BandwidthText(spec.bits_per_second));
  if (spec.loss > 0) absl::StrAppend(&text, ", loss ", spec.loss);
  return text;
}

}  // namespace replsim
