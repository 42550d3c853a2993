#include "simulator/scenario/links.h"

#include <algorithm>

#include "simulator/scenario/check.h"

namespace replsim {

void ExpandGroups(const proto::Cluster& cluster,
                  google::protobuf::RepeatedPtrField<std::string>* ends) {
  google::protobuf::RepeatedPtrField<std::string> nodes;
  const auto add = [&](const std::string& node) {
    if (std::find(nodes.begin(), nodes.end(), node) == nodes.end()) *nodes.Add() = node;
  };
  const std::vector<std::string> clients = ClientEnds(cluster);
  for (const std::string& end : *ends) {
    if (end == "client") {
      for (const std::string& client : clients) add(client);
      continue;
    }
    const auto group =
        std::find_if(cluster.groups().begin(), cluster.groups().end(),
                     [&](const proto::Group& candidate) { return candidate.name() == end; });
    if (group == cluster.groups().end()) {
      add(end);
    } else {
      for (const std::string& node : group->nodes()) add(node);
    }
  }
  ends->Swap(&nodes);
}

bool HasNarrowLink(const proto::Scenario& scenario) {
  return std::any_of(scenario.network().begin(), scenario.network().end(),
                     [](const proto::Link& link) { return link.has_bandwidth(); });
}

std::vector<proto::Link> OneWayLinks(const proto::Cluster& cluster, const proto::Link& link) {
  if (link.between().empty()) return {link};
  proto::Link settings = link;
  settings.clear_between();
  settings.clear_rtt();
  if (link.has_rtt()) settings.mutable_delay()->mutable_plus()->set_ns(link.rtt().ns() / 2);
  std::vector<proto::Link> links;
  for (int from = 0; from < link.between_size(); ++from) {
    proto::Link& one_way = links.emplace_back(settings);
    for (int end = 0; end < link.between_size(); ++end) {
      (end == from ? one_way.add_from() : one_way.add_to())->assign(link.between(end));
    }
    ExpandGroups(cluster, one_way.mutable_from());
    ExpandGroups(cluster, one_way.mutable_to());
  }
  return links;
}

void ExpandLinks(proto::Scenario* scenario) {
  google::protobuf::RepeatedPtrField<proto::Link> network;
  for (const proto::Link& link : scenario->network()) {
    for (proto::Link& one_way : OneWayLinks(scenario->cluster(), link)) {
      *network.Add() = std::move(one_way);
    }
  }
  scenario->mutable_network()->Swap(&network);
}

}  // namespace replsim
