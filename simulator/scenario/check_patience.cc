// Checks that streams survive: a stream between two nodes needs an answer within heartbeat.timeout.
// The answer to the first message takes one round trip, and a record must cross the link.
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/time.h"
#include "simulator/scenario/check_parts.h"
#include "simulator/scenario/links.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

struct OneWay {
  int64_t delay_ns = 0;  // half of the draws or more take longer
  bool varies = false;
  uint64_t bits_per_second = 0;
  std::string path;
};
using Directions = std::map<std::pair<std::string, std::string>, OneWay>;

// A delay that about half of the draws exceed, or a shorter one.
int64_t TypicalOf(const proto::Delay& delay) {
  constexpr double kMedianOfMean = 0.69;  // of an exponential distribution: ln 2
  int64_t typical = (delay.uniform().min().ns() + delay.uniform().max().ns()) / 2 +
                    delay.normal().mean().ns() + delay.pareto().min().ns();
  typical += std::llround(kMedianOfMean * static_cast<double>(delay.exponential().mean().ns()));
  for (int i = 0; i < delay.mixture_size(); ++i) {
    const int64_t part = TypicalOf(delay.mixture(i));
    typical = i == 0 ? part : std::min(typical, part);
  }
  if (!delay.quantiles().empty()) typical += delay.quantiles(0).is().ns();
  return typical + delay.plus().ns();
}

Directions Between(const CheckContext& context) {
  const std::vector<std::string> nodes = NodeIds(context.scenario);
  const auto is_node = [&](const std::string& end) {
    return std::find(nodes.begin(), nodes.end(), end) != nodes.end();
  };
  Directions directions;
  for (int i = 0; i < context.scenario.network_size(); ++i) {
    const std::string path = absl::StrCat("network[", i, "]");
    for (const proto::Link& link :
         OneWayLinks(context.scenario.cluster(), context.scenario.network(i))) {
      for (const std::string& from : link.from()) {
        for (const std::string& to : link.to()) {
          if (!is_node(from) || !is_node(to)) continue;
          const int64_t delay_ns = TypicalOf(link.delay()) + link.jitter().ns() / 2;
          directions[{from, to}] = {delay_ns, delay_ns != link.delay().plus().ns(),
                                    link.bandwidth().bits_per_second(), path};
        }
      }
    }
  }
  return directions;
}

std::string Text(int64_t ns) {
  proto::Duration duration;
  duration.set_ns(ns);
  return ToText(duration);
}

}  // namespace

void CheckHeartbeatTimeouts(const CheckContext& context) {
  if (!context.Known("cluster.heartbeat.timeout")) return;
  const int64_t patience = context.scenario.cluster().heartbeat().timeout().ns();
  const Directions directions = Between(context);
  for (const auto& [ends, there] : directions) {
    const auto& [from, to] = ends;
    const auto back = directions.find({to, from});
    const int64_t back_ns = back == directions.end() ? 0 : back->second.delay_ns;
    const bool told = back != directions.end() && to < from;
    if (!told && there.delay_ns + back_ns >= patience) {
      context.Refuse(there.path,
                     absl::StrCat(there.path, ": a round trip between ", from, " and ", to, " of ",
                                  there.varies ? "about " : "", Text(there.delay_ns + back_ns),
                                  " is not below cluster.heartbeat.timeout (", Text(patience),
                                  "), so no stream could stay up; expected a longer timeout"));
    }
    if (there.bits_per_second == 0) continue;
    const double record = static_cast<double>(context.scenario.workload().value_bytes().bytes());
    const double crossing_ns = record * 8e9 / static_cast<double>(there.bits_per_second);
    if (crossing_ns >= static_cast<double>(patience)) {
      context.Refuse(there.path,
                     absl::StrCat(there.path, ": one value crosses the link from ", from, " to ",
                                  to, " in ", Text(static_cast<int64_t>(crossing_ns)),
                                  ", not below cluster.heartbeat.timeout (", Text(patience),
                                  "), so no stream could stay up; expected a longer timeout, more "
                                  "bandwidth or smaller values"));
    }
  }
}

}  // namespace replsim
