#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/suggest.h"
#include "simulator/scenario/check_parts.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

constexpr uint64_t kMaxValueBytes = uint64_t{1} << 20;
constexpr uint64_t kMaxAppendedValueBytes = 2048;
constexpr uint64_t kMaxTransactionKeys = 8;
constexpr uint64_t kMaxTransactionBytes = uint64_t{512} << 10;  // fits into one log record
constexpr uint64_t kMaxKeys = 1'000'000'000;
constexpr uint32_t kMaxProxyChecks = 100;
constexpr double kMinPerSecond = 1e-6;
constexpr double kMaxPerSecond = 1e6;
constexpr double kMaxExponent = 10;
constexpr double kMaxWeight = 1e6;

void CheckArrival(const CheckContext& context) {
  const proto::Arrival& arrival = context.scenario.workload().arrival();
  if (!arrival.has_rate() && !arrival.has_closed()) {
    context.Refuse("workload.arrival",
                   "workload.arrival has neither rate nor closed; expected one, e.g. {rate: "
                   "2000/s} or {closed: {think: 0s}}");
  } else if (arrival.has_rate() && arrival.has_closed()) {
    context.Refuse("workload.arrival",
                   "workload.arrival has both rate and closed; expected one of them");
  } else if (arrival.has_rate() && arrival.rate().per_second() <= 0) {
    context.Refuse("workload.arrival.rate", "workload.arrival.rate is zero; expected e.g. 2000/s");
  } else if (arrival.has_rate() && arrival.rate().per_second() < kMinPerSecond) {
    context.Refuse("workload.arrival.rate",
                   absl::StrCat("workload.arrival.rate is ", ToText(arrival.rate()),
                                "; expected at least 0.000001/s"));
  } else if (arrival.has_rate() && arrival.rate().per_second() > kMaxPerSecond) {
    context.Refuse("workload.arrival.rate",
                   absl::StrCat("workload.arrival.rate is ", ToText(arrival.rate()),
                                "; expected at most 1000000/s"));
  }
}

void CheckMix(const CheckContext& context) {
  const proto::Workload& workload = context.scenario.workload();
  const proto::Mix& mix = workload.mix();
  const auto weights = {mix.write(), mix.read(),   mix.delete_(),
                        mix.cas(),   mix.append(), mix.transaction()};
  const std::string path = "workload.mix";
  if (std::min(weights) < 0) {
    context.Refuse(path, "workload.mix has a negative weight");
  } else if (std::max(weights) > kMaxWeight) {
    context.Refuse(path, absl::StrCat("workload.mix has the weight ", std::max(weights),
                                      "; expected at most ", ToText(kMaxWeight)));
  } else if (std::max(weights) == 0) {
    context.Refuse(path, "workload.mix is all zero; expected e.g. {write: 0.7, read: 0.3}");
  }
  const char* const other = mix.cas() > 0           ? "cas"
                            : mix.append() > 0      ? "append"
                            : mix.transaction() > 0 ? "transaction"
                            : mix.delete_() > 0     ? "delete"
                                                    : nullptr;
  if (other != nullptr && workload.style() == proto::TICKET) {
    context.Refuse(path, absl::StrCat("workload.mix has ", other,
                                      ", but a client can submit only writes (style: ticket); "
                                      "expected style: blocking or style: future"));
  }
  if (mix.cas() > 0 && workload.retry() == proto::NEW_REQUEST) {
    context.Refuse("workload.retry",
                   "retry: new-request sends a cas again as a new one, whose answer does not say "
                   "what the first one did; expected retry: same-request or retry: none");
  }
}

// The value of a key with appends grows until a write or a delete.
void CheckAppend(const CheckContext& context) {
  const proto::Workload& workload = context.scenario.workload();
  const proto::Mix& mix = workload.mix();
  if (mix.append() <= 0) return;
  if (mix.cas() > 0) {
    context.Refuse("workload.mix",
                   "workload.mix has append and cas; expected one of them, because no judge covers "
                   "both together");
  } else if (mix.write() == 0 && mix.delete_() == 0) {
    context.Refuse(
        "workload.mix",
        "workload.mix has append, but neither write nor delete: every value would grow to "
        "its limit and stay there; expected e.g. {append: 0.4, write: 0.1, read: 0.5}");
  }
  if (workload.value_bytes().bytes() > kMaxAppendedValueBytes) {
    context.Refuse(
        "workload.value_bytes",
        absl::StrCat("workload.value_bytes is ", workload.value_bytes().bytes(),
                     "; with append in the mix expected at most ", kMaxAppendedValueBytes,
                     ", because a value with its appended "
                     "elements has at most 4096 bytes"));
  }
}

void CheckTransactions(const CheckContext& context) {
  const proto::Workload& workload = context.scenario.workload();
  const proto::Mix& mix = workload.mix();
  const std::string path = "workload.transaction_keys";
  const uint64_t keys = workload.transaction_keys();
  if (mix.transaction() <= 0) {
    if (workload.has_transaction_keys()) {
      context.Refuse(path, "transaction_keys belongs to a mix with transaction");
    }
    return;
  }
  if (mix.cas() > 0 || mix.append() > 0 || mix.delete_() > 0) {
    context.Refuse("workload.mix",
                   "workload.mix has transaction together with cas, append or delete; expected "
                   "only write and read beside transaction, because no judge covers the others");
  }
  if (keys < 2 || keys > kMaxTransactionKeys) {
    context.Refuse(path, absl::StrCat(path, " is ", keys, "; expected 2 to ", kMaxTransactionKeys));
  } else if (keys > workload.keys().count()) {
    context.Refuse(path, absl::StrCat(path, " is ", keys, ", but workload.keys.count is ",
                                      workload.keys().count()));
  } else if (keys * workload.value_bytes().bytes() > kMaxTransactionBytes) {
    context.Refuse("workload.value_bytes",
                   absl::StrCat("workload.value_bytes is ", workload.value_bytes().bytes(),
                                "; with transactions of ", keys, " keys expected at most ",
                                kMaxTransactionBytes / keys));
  }
}

void CheckShare(const CheckContext& context, const std::string& path, double share) {
  if (share < 0 || share > 1) {
    context.Refuse(path, absl::StrCat(path, " is ", share, "; expected a share, 0 to 1"));
  }
}

void CheckKeys(const CheckContext& context) {
  const proto::Keys& keys = context.scenario.workload().keys();
  const std::string path = "workload.keys";
  if (keys.count() == 0)
    context.Refuse(path + ".count", "workload.keys.count is zero; expected the number of keys");
  context.AtMost(path + ".count", keys.count(), kMaxKeys);
  if (keys.has_exponent() && keys.distribution() != proto::ZIPF) {
    context.Refuse(path + ".exponent", "exponent belongs to distribution zipf");
  } else if (keys.has_exponent() && !(keys.exponent() > 0 && keys.exponent() <= kMaxExponent)) {
    context.Refuse(path + ".exponent",
                   absl::StrCat("exponent is ", keys.exponent(),
                                "; expected more than 0 and at most 10, e.g. 0.99"));
  }
  const bool hot = keys.distribution() == proto::HOT_SPOT;
  if (!hot && keys.has_hot_operations())
    context.Refuse(path + ".hot_operations", "hot_operations belongs to distribution hot-spot");
  if (!hot && keys.has_hot_keys())
    context.Refuse(path + ".hot_keys", "hot_keys belongs to distribution hot-spot");
  if (hot) CheckShare(context, path + ".hot_operations", keys.hot_operations());
  if (hot) CheckShare(context, path + ".hot_keys", keys.hot_keys());
  if (hot && keys.hot_keys() == 0)
    context.Refuse(path + ".hot_keys", "hot_keys is zero; the hot operations need keys");
}

void CheckReadReplicas(const CheckContext& context) {
  const uint32_t wanted = context.scenario.workload().read_from().replicas();
  const uint32_t there_are = context.scenario.cluster().replicas();
  if (wanted == 0) {
    context.Refuse(
        "workload.read_from.replicas",
        "workload.read_from.replicas is zero; expected the number of answers a read waits for");
  } else if (wanted > there_are && context.Known("cluster.replicas")) {
    context.Refuse("workload.read_from.replicas",
                   absl::StrCat("read_from {replicas: ", wanted, "} waits for ", wanted,
                                " replicas; the cluster has ", there_are));
  }
}

void CheckReadNodes(const CheckContext& context) {
  const auto& nodes = context.scenario.workload().read_from().nodes();
  const std::vector<std::string> known = NodeIds(context.scenario);
  for (auto id = nodes.begin(); id != nodes.end(); ++id) {
    if (std::find(known.begin(), known.end(), *id) == known.end()) {
      context.Refuse(
          "workload.read_from",
          absl::StrCat("unknown node '", *id, "' in the list of read_from", Suggest(*id, known)));
    } else if (std::find(nodes.begin(), id, *id) != id) {
      context.Refuse("workload.read_from", absl::StrCat("read_from names '", *id,
                                                        "' twice; each node is as likely as "
                                                        "any other"));
    }
  }
}

void CheckReadFrom(const CheckContext& context) {
  const proto::Workload& workload = context.scenario.workload();
  const proto::ReadFrom& from = workload.read_from();
  const std::string& node = from.node();
  if ((node.empty() ? 0 : 1) + (from.nodes().empty() ? 0 : 1) + (from.has_replicas() ? 1 : 0) > 1) {
    context.Refuse("workload.read_from",
                   "read_from has several of node, nodes and replicas; expected one of them");
  }
  if (from.has_replicas()) return CheckReadReplicas(context);
  if (!from.nodes().empty()) {
    if (context.Known("cluster.replicas")) CheckReadNodes(context);
    return;
  }
  std::vector<std::string> known = NodeIds(context.scenario);
  known.insert(known.begin(), {"primary", "any-replica"});
  if (!context.Known("cluster.replicas")) return;
  if (std::find(known.begin(), known.end(), node) == known.end()) {
    context.Refuse("workload.read_from",
                   absl::StrCat("unknown node '", node, "'", Suggest(node, known)));
  } else if (node == "any-replica" && context.scenario.cluster().replicas() == 0 &&
             workload.mix().read() > 0) {
    context.Refuse("workload.read_from", "read_from any-replica, but the cluster has no replica");
  }
}

void CheckInFlight(const CheckContext& context) {
  const proto::Workload& workload = context.scenario.workload();
  const uint64_t clients = workload.clients();
  const uint64_t depth = workload.style() == proto::BLOCKING ? 1 : workload.depth();
  context.AtMost("workload.clients", clients, kMaxInFlight);
  if (clients <= kMaxInFlight && clients * depth > kMaxInFlight &&
      context.Known("workload.clients")) {
    context.Refuse("workload.depth",
                   absl::StrCat("workload.depth is ", depth, ", with ", clients, " clients ",
                                clients * depth, " operations in flight; expected at most ",
                                kMaxInFlight, " for all clients together"));
  }
}

void CheckStyle(const CheckContext& context) {
  const proto::Workload& workload = context.scenario.workload();
  if (workload.has_depth() && workload.style() == proto::BLOCKING) {
    context.Refuse(
        "workload.depth",
        "depth belongs to styles future and ticket; blocking clients have one operation at a time");
  } else if (workload.has_depth() && workload.depth() == 0) {
    context.Refuse("workload.depth",
                   "workload.depth is zero; expected at least one operation in flight");
  }
  const bool ticket = workload.style() == proto::TICKET;
  if (!ticket && workload.has_poll()) {
    context.Refuse("workload.poll",
                   "poll belongs to style ticket; the other styles receive an acknowledgement");
  } else if (workload.has_poll() && workload.watch()) {
    context.Refuse("workload.poll",
                   "workload has both poll and watch; expected one of them: a client that watches "
                   "sends one query");
  } else if (workload.has_poll() && workload.poll().ns() <= 0) {
    context.Refuse(
        "workload.poll",
        "workload.poll is zero; expected the interval between ticket queries, e.g. 50ms");
  }
  if (!ticket && workload.has_watch()) {
    context.Refuse("workload.watch",
                   "watch belongs to style ticket; the other styles receive an acknowledgement");
  }
}

void CheckChecks(const CheckContext& context, absl::string_view name, uint32_t checks) {
  if (checks >= 1 && checks <= kMaxProxyChecks) return;
  context.Refuse(absl::StrCat("workload.proxy.", name),
                 absl::StrCat("workload.proxy.", name, " is ", checks, "; expected 1 to ",
                              kMaxProxyChecks, " successive checks"));
}

void CheckProxy(const CheckContext& context) {
  const proto::Workload& workload = context.scenario.workload();
  if (!workload.has_proxy()) return;
  if (workload.find_primary() != proto::PROXY) {
    if (!context.Known("workload.find_primary")) return;
    return context.Refuse("workload.proxy",
                          "proxy belongs to find_primary: proxy; otherwise there is none between "
                          "clients and nodes");
  }
  if (workload.proxy().check_every().ns() == 0) {
    context.Refuse("workload.proxy.check_every",
                   "workload.proxy.check_every is zero; expected the time between two checks of a "
                   "node, e.g. 2s");
  }
  CheckChecks(context, "rise", workload.proxy().rise());
  CheckChecks(context, "fall", workload.proxy().fall());
}

void CheckFindPrimary(const CheckContext& context) {
  CheckProxy(context);
  const proto::Workload& workload = context.scenario.workload();
  if (!workload.has_ask_every()) return;
  if (workload.find_primary() != proto::ASK_NODES) {
    if (!context.Known("workload.find_primary")) return;
    context.Refuse("workload.ask_every",
                   "ask_every belongs to find_primary: ask-nodes; with find_primary: told a new "
                   "primary is known to all clients at once");
  } else if (workload.ask_every().ns() == 0) {
    context.Refuse("workload.ask_every",
                   "workload.ask_every is zero; expected the time between two rounds of "
                   "questions, e.g. 100ms");
  }
}

}  // namespace

void CheckWorkload(const CheckContext& context) {
  const proto::Workload& workload = context.scenario.workload();
  if (workload.clients() == 0)
    context.Refuse("workload.clients", "workload.clients is zero; expected at least one");
  CheckInFlight(context);
  CheckStyle(context);
  if (workload.deadline().ns() == 0)
    context.Refuse("workload.deadline", "workload.deadline is zero; every write would be unknown");
  CheckShare(context, "workload.read_own_writes", workload.read_own_writes());
  const uint64_t bytes = workload.value_bytes().bytes();
  if (bytes == 0 || bytes > kMaxValueBytes) {
    context.Refuse("workload.value_bytes",
                   absl::StrCat("workload.value_bytes is ", bytes, "; expected 1 to 1MiB"));
  }
  CheckArrival(context);
  CheckMix(context);
  CheckAppend(context);
  CheckTransactions(context);
  CheckKeys(context);
  CheckReadFrom(context);
  CheckFindPrimary(context);
  CheckSession(context);
}

}  // namespace replsim
