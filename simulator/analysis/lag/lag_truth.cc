#include "simulator/analysis/lag/lag_truth.h"

#include <algorithm>

namespace replsim {
namespace {

void Cover(LagRange& range, double value, bool first) {
  range.least = first ? value : std::min(range.least, value);
  range.most = first ? value : std::max(range.most, value);
}

double AgeMicros(const LagPoint& point, int64_t time_ns) {
  if (point.entries == 0) return 0;
  return static_cast<double>(std::max<int64_t>(time_ns - point.oldest_ns, 0)) / 1e3;
}

}  // namespace

const LagRange& LagBetween::In(ShownUnit unit) const {
  switch (unit) {
    case ShownUnit::kBytes:
      return bytes;
    case ShownUnit::kEntries:
      return entries;
    case ShownUnit::kMicros:
      break;
  }
  return micros;
}

std::vector<std::optional<LagBetween>> TrueLag(const LagCurve& curve,
                                               const std::vector<int64_t>& instants_ns) {
  std::vector<std::optional<LagBetween>> truth;
  size_t at = 0;  // the last point with time_ns <= from; 0 if there is none
  for (size_t i = 0; i < instants_ns.size(); ++i) {
    const int64_t from = instants_ns[i == 0 ? 0 : i - 1];
    const int64_t to = instants_ns[i];
    while (at + 1 < curve.size() && curve[at + 1].time_ns <= from) ++at;
    LagBetween lag;
    bool known = !curve.empty() && curve[at].time_ns <= from;
    bool first = true;
    for (size_t p = at; known && p < curve.size() && curve[p].time_ns <= to; ++p) {
      known = curve[p].known;
      Cover(lag.entries, static_cast<double>(curve[p].entries), first);
      Cover(lag.bytes, static_cast<double>(curve[p].bytes), first);
      Cover(lag.micros, AgeMicros(curve[p], std::max(from, curve[p].time_ns)), first);
      const int64_t until = p + 1 < curve.size() ? std::min(to, curve[p + 1].time_ns) : to;
      Cover(lag.micros, AgeMicros(curve[p], until), false);
      first = false;
    }
    truth.emplace_back();
    if (known) truth.back() = lag;
  }
  return truth;
}

}  // namespace replsim
