#include "simulator/calibrate/held_samples.h"

#include <algorithm>
#include <limits>

namespace replsim {
namespace {

// Quantiles to output: dense in the tail, which determines p99.
constexpr double kPlaces[] = {0,    0.01,  0.05,  0.1,   0.2,   0.3,   0.4,    0.5,   0.6,
                              0.7,  0.8,   0.85,  0.9,   0.93,  0.95,  0.97,   0.98,  0.985,
                              0.99, 0.993, 0.995, 0.997, 0.998, 0.999, 0.9995, 0.9999};
// A quantile with fewer samples beyond it shows chance rather than the machine.
constexpr double kBeyond = 2;

// Rounding error of products of shares.
constexpr double kRounding = 1e-9;

// Rounds to whole microseconds, for readability; below 100 µs that would be too coarse.
int64_t Rounded(int64_t ns) {
  const int64_t unit = ns < 100'000 ? 100 : 1'000;
  return (ns + unit / 2) / unit * unit;
}

}  // namespace

MeasuredDelay::MeasuredDelay(std::vector<DelaySample> samples) : samples_(samples.size()) {
  // Exact samples come first among equals, so that a bound counts for the delay that it equals.
  std::sort(samples.begin(), samples.end(), [](const DelaySample& a, const DelaySample& b) {
    return a.ns != b.ns ? a.ns > b.ns : !a.held && b.held;
  });
  double share = 1;
  for (size_t i = 0; i < samples.size();) {
    const int64_t ns = samples[i].ns;
    size_t exact = 0;
    size_t next = i;
    for (; next < samples.size() && samples[next].ns == ns; ++next)
      exact += samples[next].held ? 0 : 1;
    held_ += next - i - exact;
    if (exact > 0) {
      steps_.push_back({ns, share});
      share *= 1 - static_cast<double>(exact) / static_cast<double>(samples.size() - i);
    }
    i = next;
  }
  std::reverse(steps_.begin(), steps_.end());
}

int64_t MeasuredDelay::Quantile(double at) const {
  if (empty()) return 0;
  const auto step =
      std::lower_bound(steps_.begin(), steps_.end() - 1, at,
                       [](const Step& s, double x) { return s.share < x - kRounding; });
  return step->ns;
}

proto::Delay MeasuredDelay::ToDelay() const {
  proto::Delay delay;
  const auto count = static_cast<double>(samples_ - held_);
  const auto add = [&](double at) {
    proto::Delay::Quantile& quantile = *delay.add_quantiles();
    quantile.set_at(at);
    quantile.mutable_is()->set_ns(Rounded(Quantile(at)));
  };
  for (const double at : kPlaces) {
    if (at == 0 || (1 - at) * count >= kBeyond) add(at);
  }
  add(1);
  const auto& all = delay.quantiles();
  if (all.begin()->is().ns() == all.rbegin()->is().ns()) {
    const int64_t constant = all.begin()->is().ns();
    delay.clear_quantiles();
    delay.mutable_plus()->set_ns(constant);
  }
  return delay;
}

std::vector<DelaySample> SamplesOf(std::vector<Passage> passages, int64_t together_ns) {
  std::stable_sort(passages.begin(), passages.end(),
                   [](const Passage& a, const Passage& b) { return a.depart_ns < b.depart_ns; });
  std::vector<DelaySample> samples;
  int64_t last = std::numeric_limits<int64_t>::min() / 2;
  for (const Passage& passage : passages) {
    const int64_t together = last + together_ns;
    const bool held = passage.depart_ns < last && passage.arrive_ns <= together;
    // The bound is known before the message arrives, so it is independent of the message's own
    // delay. A message that finds the node idle wakes it; one that arrives meanwhile is noticed
    // sooner.
    const int64_t seen = held ? together : passage.arrive_ns - passage.wake_ns;
    samples.push_back({std::max<int64_t>(seen - passage.depart_ns, 0), held});
    last = std::max(last, passage.arrive_ns);
  }
  return samples;
}

}  // namespace replsim
