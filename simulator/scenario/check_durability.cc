// Checks when nodes flush: the cluster's durability and its overrides for replicas and single
// nodes.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/suggest.h"
#include "simulator/promise/node_durability.h"
#include "simulator/scenario/check_parts.h"
#include "simulator/scenario/enum_words.h"

namespace replsim {
namespace {

std::string Word(proto::SyncPolicy sync) {
  return WordOf(*proto::SyncPolicy_descriptor()->FindValueByNumber(sync));
}

// Checks the block at `path`. `own` has the settings of the block alone (a Durability or a
// ReplicaDurability); `resulting` adds the settings that the block overrides.
template <typename Own>
void CheckBlock(const CheckContext& context, const std::string& path, const Own& own,
                const proto::Durability& resulting) {
  const auto at = [&path](absl::string_view key) { return absl::StrCat(path, ".", key); };
  if (resulting.sync() == proto::INTERVAL && resulting.interval().ns() == 0) {
    context.Refuse(at("interval"), absl::StrCat(at("interval"),
                                                " is zero; expected e.g. 200ms, or sync: "
                                                "every-batch"));
  }
  const bool gathers = own.group_delay().ns() > 0;
  if (gathers && resulting.sync() != proto::EVERY_BATCH) {
    const bool alone = resulting.sync() == proto::EVERY_WRITE;
    context.Refuse(
        at("group_delay"),
        absl::StrCat(at("group_delay"), " collects the writes that share a flush, but sync ",
                     Word(resulting.sync()),
                     alone ? " flushes each write separately" : " lets no write wait for a flush",
                     "; expected sync: every-batch, or no group_delay"));
  }
  if (!own.has_group_size()) return;
  if (resulting.group_delay().ns() == 0) {
    context.Refuse(
        at("group_size"),
        absl::StrCat(
            at("group_size"),
            " ends group_delay early, but group_delay is not set; expected e.g. group_delay: 2ms"));
  } else if (own.group_size() < 2) {
    context.Refuse(
        at("group_size"),
        absl::StrCat(at("group_size"), " ", own.group_size(),
                     " lets no writes share a flush; expected at least 2, or no group_delay"));
  }
  context.AtMost(at("group_size"), own.group_size(), kMaxInFlight);
}

void CheckNode(const CheckContext& context, const proto::NodeSpec& node) {
  const proto::Cluster& cluster = context.scenario.cluster();
  const std::string path = absl::StrCat("cluster.nodes.", node.node());
  const std::vector<std::string> known = NodeIds(context.scenario);
  if (std::find(known.begin(), known.end(), node.node()) == known.end()) {
    context.Refuse(path, absl::StrCat("cluster.nodes names unknown node '", node.node(), "'",
                                      Suggest(node.node(), known)));
    return;
  }
  CheckBlock(context, path + ".durability", node.durability(),
             DurabilityAsPrimary(cluster, node.node()));
  CheckBlock(context, path + ".durability.replica", node.durability().replica(),
             DurabilityAsReplica(cluster, node.node()));
}

}  // namespace

void CheckDurability(const CheckContext& context) {
  proto::Cluster all = context.scenario.cluster();
  all.clear_nodes();
  const proto::Durability& own = all.durability();
  CheckBlock(context, "cluster.durability", own, DurabilityAsPrimary(all, ""));
  CheckBlock(context, "cluster.durability.replica", own.replica(), DurabilityAsReplica(all, ""));
  for (const proto::NodeSpec& node : context.scenario.cluster().nodes()) CheckNode(context, node);
}

}  // namespace replsim
