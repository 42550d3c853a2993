#include "simulator/cluster/seam/scenario_needs.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "simulator/fault_kinds/fault_kind.h"

namespace replsim {
namespace {

struct Alternative {
  CapabilitySet needs;
  const char* text;
};

// Alternatives for a missing capability, nearest first; each names the capability that it needs
// itself.
std::vector<Alternative> AlternativesTo(Capability capability) {
  using C = Capability;
  switch (capability) {
    case C::kFailpoints:
      return {{{C::kKill}, "kill the node at a time or after a number of writes (when: committed)"},
              {{C::kPause}, "pause the node at a time (when: at)"}};
    case C::kPowerLoss:
    case C::kHostLoss:
      return {{{C::kKill}, "kill the node (do: kill); its unflushed data then survives"}};
    case C::kKill:
    case C::kPause:
      return {{{C::kPause}, "pause the node (do: pause)"},
              {{C::kKill}, "kill the node and restart it (do: kill, for: …)"},
              {{C::kPartitions}, "partition the node from the others (do: partition)"}};
    case C::kDiskFaults:
    case C::kSlowApply:
    case C::kSlowNode:
      return {{{C::kPause}, "pause the node for a time (do: pause, for: …)"}};
    case C::kPartitions:
    case C::kLinkReset:
      return {{{C::kPartitions}, "partition the link for a time (do: partition, for: …)"},
              {{C::kPause}, "pause the node at the end of the link (do: pause, for: …)"}};
    case C::kLinkDelay:
      return {{{C::kPartitions}, "partition the link for a time (do: partition, for: …)"}};
    case C::kTickets:
      return {{{}, "style: blocking or style: future"}};
    case C::kCommands:
      return {{{}, "a mix of write and read"}};
    case C::kSameRequest:
      return {{{}, "retry: none or retry: new-request"}};
    case C::kReadAtPosition:
      return {{{}, "read_wait: none"}};
    case C::kPositions:
      return {{{}, "read from one node (read_from: any-replica)"}};
    default:
      return {};
  }
}

class Needs {
 public:
  void Add(Capability capability, std::string path, std::string what) {
    needs_.push_back({capability, std::move(path), std::move(what)});
  }
  void AddAll(const CapabilitySet& capabilities, const std::string& path, const std::string& what) {
    for (int i = 0; i < kCapabilityCount; ++i) {
      const auto capability = static_cast<Capability>(i);
      if (capabilities.Has(capability)) Add(capability, path, what);
    }
  }
  std::vector<Need> Take() { return std::move(needs_); }

 private:
  std::vector<Need> needs_;
};

void AddWorkload(const proto::Workload& workload, Needs& needs) {
  if (workload.style() == proto::TICKET) {
    needs.Add(Capability::kTickets, "workload.style", "style: ticket");
  }
  if (workload.mix().delete_() > 0) {
    needs.Add(Capability::kCommands, "workload.mix", "a mix with delete");
  }
  if (workload.mix().append() > 0) {
    needs.Add(Capability::kCommands, "workload.mix", "a mix with append");
  }
  if (workload.mix().cas() > 0) {
    needs.Add(Capability::kCommands, "workload.mix", "a mix with cas");
  }
  if (workload.mix().transaction() > 0) {
    needs.Add(Capability::kCommands, "workload.mix", "a mix with transaction");
  }
  if (workload.retry() == proto::SAME_REQUEST) {
    needs.Add(Capability::kSameRequest, "workload.retry", "retry: same-request");
  }
  if (workload.read_wait() != proto::NO_WAIT) {
    needs.Add(Capability::kReadAtPosition, "workload.read_wait", "a read that waits");
  }
  if (workload.read_from().has_replicas()) {
    needs.Add(Capability::kPositions, "workload.read_from", "a read from several replicas");
  }
}

void AddFaults(const proto::Scenario& scenario, Needs& needs) {
  for (int i = 0; i < scenario.faults_size(); ++i) {
    const proto::Fault& fault = scenario.faults(i);
    const std::string path = absl::StrCat("faults[", i, "]");
    const std::string what = absl::StrCat("do: ", NameOf(fault.do_()));
    const FaultKind* const kind = FindFaultKind(fault.do_());
    if (kind == nullptr) continue;
    const bool heals_disk = fault.do_() == proto::HEAL && !fault.node().empty();
    needs.AddAll(heals_disk ? CapabilitySet{Capability::kDiskFaults} : kind->needs, path + ".do",
                 what);
    // A node that is killed for a time must be restarted.
    const FaultKind* const end = FindFaultKind(kind->undone_by);
    if (fault.has_for_() && end != nullptr && KillsNode(fault.do_())) {
      needs.AddAll(end->needs, path + ".for", what + " with an end");
    }
    if (!fault.when().point().empty()) {
      needs.Add(Capability::kFailpoints, path + ".when", "a fault at " + fault.when().point());
    }
  }
}

}  // namespace

std::vector<Need> NeedsOf(const proto::Scenario& scenario) {
  Needs needs;
  for (int i = 0; i < scenario.network_size(); ++i) {
    needs.Add(Capability::kLinkDelay, absl::StrCat("network[", i, "]"), "a link of the network");
  }
  AddWorkload(scenario.workload(), needs);
  AddFaults(scenario, needs);
  return needs.Take();
}

std::vector<Need> UnmetNeeds(const proto::Scenario& scenario, const CapabilitySet& capabilities) {
  std::vector<Need> unmet = NeedsOf(scenario);
  std::erase_if(unmet, [&](const Need& need) { return capabilities.Has(need.capability); });
  return unmet;
}

std::string RefusalText(const Need& need, const ClusterKind& cluster) {
  std::string text = absl::StrCat(need.path, " (", need.what, ") needs ", NameOf(need.capability),
                                  ", which a ", cluster.name, " cluster does not have");
  for (const Alternative& alternative : AlternativesTo(need.capability)) {
    if (cluster.capabilities.HasAll(alternative.needs)) {
      return absl::StrCat(text, "; nearest alternative: ", alternative.text);
    }
  }
  return absl::StrCat(text, "; no alternative on this cluster: use --runtime virtual or live");
}

absl::Status CheckNeeds(const proto::Scenario& scenario, const ClusterKind& cluster) {
  std::vector<std::string> lines;
  for (const Need& need : UnmetNeeds(scenario, cluster.capabilities)) {
    lines.push_back(RefusalText(need, cluster));
  }
  return lines.empty() ? absl::OkStatus() : absl::InvalidArgumentError(absl::StrJoin(lines, "\n"));
}

}  // namespace replsim
