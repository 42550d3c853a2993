#include "simulator/run/time_limits.h"

#include "simulator/run/final_read.h"

namespace replsim {
namespace {

constexpr Nanos kMargin = Millis(60'000);
// Time for a node to start and to receive its settings.
constexpr Nanos kNodeStart = Millis(15'000);

}  // namespace

TimeLimits LimitsOf(const proto::Scenario& scenario) {
  const Nanos starts = kNodeStart * static_cast<int64_t>(scenario.cluster().replicas() + 1);
  const Nanos settle(scenario.settle().ns());
  TimeLimits limits;
  limits.starting = starts + kMargin;
  limits.load = Nanos(scenario.duration().ns()) + kMargin;
  // A promotion may have to apply a large backlog before it answers.
  limits.healing = Nanos(scenario.workload().deadline().ns()) + settle + starts + kMargin;
  limits.converging = settle * kSettlesMost + starts + kMargin;
  limits.reading = kMargin;
  return limits;
}

}  // namespace replsim
