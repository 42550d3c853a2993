#include "simulator/explore/promise.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/time.h"
#include "simulator/explore/fault_chain.h"

namespace replsim {
namespace {

// A node that has a write in memory or in its kernel is given so long to flush it, besides the
// flush interval, before anybody compares flushed positions.
constexpr Nanos kTimeToFlush = Millis(500);

// Where the replicas that released an answer had the write.
enum class Held { kInMemory, kInKernel, kOnDisk };

Held HeldBy(const proto::ReplicationSpec& spec) {
  switch (spec.ack_after()) {
    case proto::REPLICA_WRITE:
      return Held::kInKernel;
    case proto::REPLICA_FLUSH:
      return Held::kOnDisk;
    case proto::REPLICA_APPLY:
      return spec.replica_apply() == proto::ON_FLUSH ? Held::kOnDisk : Held::kInMemory;
    default:
      return Held::kInMemory;
  }
}

bool IsReplicaStage(proto::AckStage stage) { return stage >= proto::REPLICA_RECEIVE; }

bool Flushes(const proto::Durability& durability) {
  return durability.sync() == proto::EVERY_WRITE || durability.sync() == proto::EVERY_BATCH;
}

// How many replicas have what was answered, at the least. `all` are all of them only until somebody
// begins to lead anew: from then on they are those that follow.
size_t Holders(const proto::Scenario& scenario, bool first_reign) {
  const size_t replicas = scenario.cluster().replicas();
  const proto::SyncSetSpec& set = scenario.replication().sync_set();
  switch (set.kind()) {
    case proto::SyncSetSpec::MAJORITY:
      return (replicas + 1) / 2;
    case proto::SyncSetSpec::ALL:
      return first_reign ? replicas : 1;
    default:
      return set.count();
  }
}

// Every replica has every answered write, so that it matters only whether the new primary may have
// had it in memory and died since.
std::string WhyNotFromAll(Held held, const Before& before) {
  if (held == Held::kInMemory && !before.touched.empty()) {
    return absl::StrCat("an answer promises no more than a replica's memory, and ",
                        *before.touched.begin(), " may have died with it");
  }
  return "";
}

// The best of those that can be asked must be one that has every answered write.
std::string WhyNotFromBest(const proto::Scenario& scenario, Held held, const Before& before) {
  const proto::Durability& durability = scenario.cluster().durability();
  std::set<std::string> missing = before.unavailable;
  if (held == Held::kOnDisk) {
    if (before.promotions > 0 && !Flushes(durability)) {
      return "a node that led has not flushed what it answered, and is compared by what it flushed";
    }
  } else {
    if (before.promotions > 0) return "only the first failover is sure to find it flushed";
    if (durability.sync() == proto::OS) return "the best is found by what is flushed: nothing is";
    Nanos needed = kTimeToFlush;
    if (!Flushes(durability)) needed += Nanos(durability.interval().ns());
    if (before.since_death < needed) {
      return "the promotion may come before a replica has flushed what it holds";
    }
    missing.insert(before.touched.begin(), before.touched.end());
  }
  const size_t holders = Holders(scenario, before.first_reign);
  if (missing.size() < holders) return "";
  return absl::StrCat(holders, holders == 1 ? " replica has" : " replicas have",
                      " what was answered, and ", missing.size(), " may not be there to be asked");
}

std::string WhyNotKept(const proto::Scenario& scenario, int promotion) {
  const Before before = BeforeFault(scenario, promotion);
  const Held held = HeldBy(scenario.replication());
  if (!before.unsure.empty()) return before.unsure;
  if (!before.leader_dead) return "a replica is promoted while its primary may still answer";
  const bool all = scenario.replication().sync_set().kind() == proto::SyncSetSpec::ALL;
  if (all && before.first_reign) return WhyNotFromAll(held, before);
  if (scenario.faults(promotion).node() != "best") return "a replica is promoted that may lack it";
  return WhyNotFromBest(scenario, held, before);
}

bool MayDie(const proto::Fault& fault) {
  return fault.do_() == proto::KILL || fault.do_() == proto::RESTART;
}

}  // namespace

Promise PromiseOf(const proto::Scenario& scenario) {
  const auto& faults = scenario.faults();
  const bool promotes = std::any_of(faults.begin(), faults.end(), [](const proto::Fault& fault) {
    return fault.do_() == proto::PROMOTE;
  });
  const proto::AckStage stage = scenario.replication().ack_after();
  if (promotes && !IsReplicaStage(stage)) {
    return {false, "an answer promises nothing of any replica, and one is promoted"};
  }
  if (stage == proto::APPEND && std::any_of(faults.begin(), faults.end(), MayDie)) {
    return {false, "an answer promises no more than the primary's memory, and nodes die"};
  }
  for (int i = 0; i < faults.size(); ++i) {
    if (faults[i].do_() != proto::PROMOTE) continue;
    std::string why = WhyNotKept(scenario, i);
    if (!why.empty()) return {false, std::move(why)};
  }
  if (!promotes) return {true, "nobody else comes to lead"};
  return {true, "whoever is promoted must have every acknowledged write"};
}

}  // namespace replsim
