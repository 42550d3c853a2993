#include "simulator/analysis/availability/interruptions.h"

#include <algorithm>

#include "common/base/time.h"
#include "protos/types.pb.h"

namespace replsim {
namespace {

std::optional<double> LongestMillis(const Recording& recording,
                                    const std::function<bool(const Operation&)>& counts) {
  const bool asked = std::any_of(recording.operations.begin(), recording.operations.end(), counts);
  const std::optional<Gap> gap =
      asked ? LongestOf(GapsWithout(recording, counts)) : std::optional<Gap>();
  if (!gap) return std::nullopt;
  return MillisFrom(gap->length_ns());
}

}  // namespace

std::vector<Gap> GapsWithout(const Recording& recording,
                             const std::function<bool(const Operation&)>& counts) {
  const int64_t begin = recording.manifest.load_begin_ns();
  const int64_t end = recording.manifest.load_end_ns();
  if (end <= begin) return {};
  std::vector<int64_t> times{begin, end};
  for (const Operation& operation : recording.operations) {
    if (operation.outcome != proto::COMMITTED || !counts(operation)) continue;
    const int64_t time = operation.completed_ns;
    if (time > begin && time < end) times.push_back(time);
  }
  std::sort(times.begin(), times.end());
  std::vector<Gap> gaps;
  gaps.reserve(times.size() - 1);
  for (size_t i = 1; i < times.size(); ++i) gaps.push_back({times[i - 1], times[i]});
  return gaps;
}

std::optional<Gap> LongestOf(const std::vector<Gap>& gaps) {
  const auto longest = std::max_element(gaps.begin(), gaps.end(), [](const Gap& a, const Gap& b) {
    return a.length_ns() < b.length_ns();
  });
  return longest == gaps.end() ? std::nullopt : std::optional(*longest);
}

proto::RunReport::Interruptions MeasureInterruptions(const Recording& recording,
                                                     const WorkloadFacts& facts) {
  proto::RunReport::Interruptions out;
  const auto reads = LongestMillis(recording, [](const Operation& o) { return !o.is_write; });
  if (reads) out.set_read_unavailable_ms(*reads);
  if (facts.client_groups.size() < 2) return out;
  for (size_t group = 0; group < facts.client_groups.size(); ++group) {
    proto::RunReport::GroupInterruption& told = *out.add_groups();
    told.set_group(facts.client_groups[group]);
    const auto of_kind = [&](bool writes) {
      return LongestMillis(recording, [&facts, group, writes](const Operation& o) {
        return (o.is_write != 0) == writes && facts.GroupOf(o.client) == group;
      });
    };
    if (const auto gap = of_kind(true)) told.set_unavailable_ms(*gap);
    if (const auto gap = of_kind(false)) told.set_read_unavailable_ms(*gap);
  }
  return out;
}

}  // namespace replsim
