// Checks links with `between`, which have two directions.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/suggest.h"
#include "simulator/scenario/check_parts.h"
#include "simulator/scenario/links.h"

namespace replsim {
namespace {

// Returns the valid ends: nodes, clients, groups.
std::vector<std::string> KnownEnds(const proto::Scenario& scenario) {
  std::vector<std::string> known = EndIds(scenario);
  known.push_back("client");
  for (const proto::Group& group : scenario.cluster().groups()) known.push_back(group.name());
  return known;
}

void CheckEndsBetween(const CheckContext& context, const std::string& path,
                      const proto::Link& link) {
  const std::vector<std::string> known = KnownEnds(context.scenario);
  std::set<std::string> seen;
  for (const std::string& end : link.between()) {
    if (std::find(known.begin(), known.end(), end) == known.end()) {
      context.Refuse(path, absl::StrCat("unknown node '", end, "'", Suggest(end, known)));
      continue;
    }
    google::protobuf::RepeatedPtrField<std::string> nodes;
    *nodes.Add() = end;
    ExpandGroups(context.scenario.cluster(), &nodes);
    for (const std::string& node : nodes) {
      if (seen.insert(node).second) continue;
      context.Refuse(
          path, absl::StrCat("'", node, "' is at two ends of ", path, "; a link has two ends"));
    }
  }
}

}  // namespace

void CheckBetween(const CheckContext& context, const std::string& path, const proto::Link& link) {
  const std::string between = path + ".between";
  if (link.has_rtt() && link.has_delay()) {
    context.Refuse(path + ".rtt",
                   absl::StrCat(path,
                                " has both rtt and delay; expected one of them: half of rtt "
                                "is the delay of each direction"));
  }
  if (link.between().empty()) {
    if (link.has_rtt()) {
      context.Refuse(path + ".rtt",
                     absl::StrCat(path,
                                  ".rtt is of both directions; expected 'between' instead "
                                  "of 'from' and 'to', or 'delay' instead of 'rtt'"));
    }
    return;
  }
  if (!link.from().empty() || !link.to().empty()) {
    context.Refuse(between, absl::StrCat(path,
                                         " has both 'between' and 'from' or 'to'; expected "
                                         "'between' for both directions, or 'from' and 'to' "
                                         "for one"));
  }
  if (link.between_size() < 2) {
    context.Refuse(between, absl::StrCat(between, " has one end; expected e.g. [p, r1]"));
  }
  if (context.Known("cluster.replicas") && context.Known("cluster.groups")) {
    CheckEndsBetween(context, between, link);
  }
}

}  // namespace replsim
