// Checks workload.session against read_from.
#include <string>

#include "absl/strings/str_cat.h"
#include "simulator/scenario/check_parts.h"
#include "simulator/scenario/enum_words.h"

namespace replsim {
namespace {

constexpr int64_t kMinMovesEveryNs = 1000;

// Returns why a client has no second node to read from; empty if it has one.
std::string WhyNoChoice(const proto::ReadFrom& from, uint32_t replicas) {
  if (from.has_replicas()) return "each read of read_from {replicas: n} asks all replicas";
  if (from.nodes_size() == 1) return absl::StrCat("read_from names only ", from.nodes(0));
  if (!from.nodes().empty()) return "";
  if (from.node() != "any-replica") return absl::StrCat("read_from is ", from.node());
  return replicas < 2 ? "the cluster has fewer than two replicas" : "";
}

}  // namespace

void CheckSession(const CheckContext& context) {
  const proto::Workload& workload = context.scenario.workload();
  if (!workload.has_session()) return;
  const proto::ReadSession& session = workload.session();
  const std::string path = "workload.session";
  if (session.has_moves_every() && session.moves_every().ns() < kMinMovesEveryNs) {
    context.Refuse(path + ".moves_every",
                   "workload.session.moves_every is below 1us; expected how long a client reads "
                   "from one node, e.g. 500ms");
  }
  // A scenario that varies `node` may set moves_every for the variants that move.
  const bool names_node = context.places.Has(path + ".node");
  if (session.has_moves_every() && session.node() != proto::MOVING && !names_node) {
    context.Refuse(path + ".moves_every",
                   "workload.session has moves_every but no node; expected node: moving");
  }
  if (session.node() == proto::EACH_READ || !context.Known("cluster.replicas") ||
      !context.Known("workload.read_from")) {
    return;
  }
  const std::string why = WhyNoChoice(workload.read_from(), context.scenario.cluster().replicas());
  if (why.empty()) return;
  context.Refuse(
      path + ".node",
      absl::StrCat("workload.session.node is ",
                   WordOf(*proto::SessionNode_descriptor()->FindValueByNumber(session.node())),
                   ", and ", why,
                   "; expected read_from: any-replica with two or more replicas, or a "
                   "list such as [r1, r2]"));
}

}  // namespace replsim
