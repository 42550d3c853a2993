#include "simulator/promise/guarantee_promise.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "simulator/promise/scenario_facts.h"
#include "simulator/promise/shown_writes.h"

namespace replsim {
namespace {

// How the clients of a scenario read.
struct Readers {
  bool primary = false;            // from the node that leads
  std::vector<std::string> nodes;  // otherwise: from these
  uint32_t answers = 0;            // from all replicas at once, the newest of so many answers
  bool pinned = false;
  proto::ReadWait token = proto::NO_WAIT;

  bool one_node() const { return primary || (nodes.size() == 1 && answers == 0); }
  bool Read(const std::string& node) const {
    return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
  }
  bool carries_own() const { return !primary && token != proto::NO_WAIT; }
  bool carries_all() const { return !primary && token == proto::FOR_POSITION; }
};

Readers ReadersOf(const proto::Scenario& scenario) {
  const proto::Workload& workload = scenario.workload();
  const proto::ReadFrom& from = workload.read_from();
  Readers readers;
  readers.token = workload.read_wait();
  readers.pinned = workload.session().node() == proto::PINNED;
  readers.answers = from.replicas();
  readers.primary = from.node() == "primary";
  if (readers.primary) return readers;
  readers.nodes.assign(from.nodes().begin(), from.nodes().end());
  if (!from.node().empty() && from.node() != "any-replica") readers.nodes = {from.node()};
  if (readers.nodes.empty()) {
    readers.nodes = NodeNames(scenario.cluster());
    std::erase(readers.nodes, "p");
  }
  // Without a promotion, p is the primary, whatever clients call it.
  const bool leads = readers.nodes == std::vector<std::string>{"p"} && !HasPromotion(scenario);
  if (leads) readers.primary = true;
  return readers;
}

std::string First(std::initializer_list<std::string> reasons) {
  for (const std::string& reason : reasons) {
    if (!reason.empty()) return reason;
  }
  return "";
}

// Why one of the nodes may show an older state than before.
std::string WhyNodesMayGoBack(const proto::Scenario& scenario, const Readers& readers) {
  if (HasPromotion(scenario)) return "a replica may truncate what it has shown after a promotion";
  for (const std::string& node : readers.nodes) {
    if (node == "p") continue;
    if (MayDie(scenario, node)) return absl::StrCat(node, " may restart with an older state");
  }
  return First({WhyShownByReplicaMayBeLost(scenario),
                readers.Read("p") ? WhyShownByPrimaryMayBeLost(scenario) : ""});
}

bool IsOfClients(const std::string& end) { return absl::StartsWith(end, "client"); }

bool IsOfPrimary(const proto::Fault& fault) {
  return fault.node() == "p" || fault.node() == "primary";
}

template <class Link>
bool TouchesClients(const Link& link) {
  return std::any_of(link.from().begin(), link.from().end(), IsOfClients) ||
         std::any_of(link.to().begin(), link.to().end(), IsOfClients);
}

// Why a pinned client may leave its node. A node without faults answers within the deadline.
std::string WhyPinnedMayMove(const proto::Scenario& scenario, const Readers& readers) {
  if (readers.carries_own()) return "a pinned client moves when a read waits beyond its deadline";
  for (const proto::Link& link : scenario.network()) {
    if (TouchesClients(link)) return "a slow link may make a pinned client move";
  }
  for (const proto::Fault& fault : scenario.faults()) {
    const proto::Action action = fault.do_();
    const bool harmless = action == proto::SLOW_APPLY || action == proto::CLOCK_SKEW;
    const bool between_nodes = fault.from_size() > 0 && !TouchesClients(fault);
    const bool elsewhere = IsOfPrimary(fault) && !HasPromotion(scenario) && !readers.Read("p");
    if (!harmless && !between_nodes && !elsewhere) return "a fault may make a pinned client move";
  }
  return "";
}

// The number of replicas that have applied every acknowledged write; 0: unknown.
uint32_t AppliedAt(const proto::Scenario& scenario) {
  const proto::ReplicationSpec& spec = scenario.replication();
  if (spec.ack_after() != proto::REPLICA_APPLY) return 0;
  return ReplicasNeeded(spec.sync_set(), scenario.cluster().replicas());
}

// Whether `node` has applied every acknowledged write.
bool IsAppliedAt(const proto::Scenario& scenario, const std::string& node) {
  const uint32_t holders = AppliedAt(scenario);
  if (holders == 0 || node == "p") return false;
  if (holders == scenario.cluster().replicas()) return true;
  const proto::SyncSetSpec& set = scenario.replication().sync_set();
  return static_cast<uint32_t>(set.ids_size()) == set.count() &&
         std::find(set.ids().begin(), set.ids().end(), node) != set.ids().end();
}

// Why a read may miss a write that its client's primary has acknowledged, if it carries no token.
std::string WhyReadersMayLag(const proto::Scenario& scenario, const Readers& readers) {
  if (scenario.replication().on_timeout() == proto::DEGRADE) {
    return "an acknowledgement may not have waited for the replica (on_timeout: degrade)";
  }
  if (HasPromotion(scenario) || MayDie(scenario, "")) {
    return "after a node has died, replicas may lag behind acknowledgements";
  }
  if (readers.answers > 0) {
    const bool overlap = readers.answers + AppliedAt(scenario) > scenario.cluster().replicas();
    return overlap ? "" : "R + W <= N: no replica need be in both quorums";
  }
  for (const std::string& node : readers.nodes) {
    if (!IsAppliedAt(scenario, node)) {
      return absl::StrCat("an acknowledged write need not be applied on ", node);
    }
  }
  return "";
}

// Why clients may go back, or see writes out of the order of the log.
std::string WhyOutOfOrder(const proto::Scenario& scenario, const Readers& readers) {
  if (readers.primary) {
    return First({WhyDeposedPrimaryMayAnswer(scenario), WhyShownByPrimaryMayBeLost(scenario)});
  }
  if (readers.carries_all()) {
    return First({WhyShownByReplicaMayBeLost(scenario),
                  readers.Read("p") ? WhyShownByPrimaryMayBeLost(scenario) : ""});
  }
  if (readers.one_node()) return WhyNodesMayGoBack(scenario, readers);
  if (!readers.pinned) return "a client reads from several nodes, without a token of what it saw";
  return First({WhyPinnedMayMove(scenario, readers), WhyNodesMayGoBack(scenario, readers)});
}

// Why clients may miss their own writes.
std::string WhyOwnMissed(const proto::Scenario& scenario, const Readers& readers) {
  if (std::string why = WhyAcknowledgedMayBeLost(scenario); !why.empty()) return why;
  if (readers.primary) {
    return First({WhyDeposedPrimaryMayAnswer(scenario), WhyAcknowledgedBeforeShown(scenario)});
  }
  return readers.carries_own() ? "" : WhyReadersMayLag(scenario, readers);
}

// Why a client may read a value later than the order of all clients' operations allows.
std::string WhyNotLinearizable(const proto::Scenario& scenario, const Readers& readers) {
  if (!readers.one_node()) return "clients read from different nodes";
  if (scenario.workload().retry() == proto::NEW_REQUEST) {
    return "a write that is retried as a new request may happen twice";
  }
  return readers.primary ? "" : WhyReadersMayLag(scenario, readers);
}

// Why not even the order of a client's own writes is certain.
std::string WhyNothing(const proto::Scenario& scenario) {
  if (HasFault(scenario, {proto::BIT_FLIP})) return "disks lose flushed data (bit-flip)";
  const proto::FindPrimary find = scenario.workload().find_primary();
  if (Elects(scenario) && (find == proto::ASK_NODES || find == proto::PROXY)) {
    return "clients that look for the primary may go back to one that was deposed";
  }
  return MayFollowTwoPrimaries(scenario) ? WhyDeposedPrimaryMayAnswer(scenario) : "";
}

}  // namespace

std::vector<GuaranteePromise> GuaranteesOf(const proto::Scenario& scenario) {
  const Readers readers = ReadersOf(scenario);
  const std::string nothing = WhyNothing(scenario);
  const std::string order = First({nothing, WhyOutOfOrder(scenario, readers)});
  const std::string own = First({nothing, WhyOwnMissed(scenario, readers)});
  const std::string both = First({order, own});
  std::vector<GuaranteePromise> guarantees;
  const auto add = [&](const char* name, const std::string& why_not, const char* why) {
    guarantees.push_back({name, why_not.empty(), why_not.empty() ? why : why_not});
  };
  const char* const one_log = readers.carries_all()
                                  ? "reads carry the newest position that their client has seen"
                                  : "each client reads from one log that only grows";
  const char* const sees_own = readers.carries_own()
                                   ? "reads carry the position of their client's last write"
                                   : "a write is acknowledged after its readers can see it";
  add("linearizable", First({both, WhyNotLinearizable(scenario, readers)}),
      "all clients read from one node, which shows a write before it is acknowledged");
  add("sequential", both, "each client follows the order of the log, its own writes included");
  add("consistent_prefix", order, one_log);
  add("monotonic_reads", order, one_log);
  add("read_your_writes", own, sees_own);
  const char* const grows = "positions that a client is given only grow";
  add("monotonic_writes", nothing, grows);
  add("writes_follow_reads", nothing, grows);
  return guarantees;
}

const GuaranteePromise* FindGuarantee(const std::vector<GuaranteePromise>& guarantees,
                                      absl::string_view name) {
  const auto found = std::find_if(guarantees.begin(), guarantees.end(),
                                  [&](const GuaranteePromise& one) { return one.name == name; });
  return found == guarantees.end() ? nullptr : &*found;
}

}  // namespace replsim
