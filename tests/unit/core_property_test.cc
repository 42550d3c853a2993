// The cores under random knobs, partitions, crashes and promotions. The harness checks its
// invariants throughout. This test checks that no acknowledged, protected write is lost if the gate
// promises that, and that everything converges once healed. A failing seed is printed.
// REPLSIM_TRACE=SEED prints all events of that seed up to the failure; REPLSIM_SEED_BASE=N searches
// from seed N on.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/base/rng.h"
#include "tests/golden/golden_trace.h"
#include "tests/unit/core_harness.h"

namespace replsim::core_property_test {
namespace {

constexpr int kSeedsPerTest = 50;

template <class T>
T Pick(Rng& rng, std::vector<T> from) {
  return from[rng.Below(from.size())];
}

std::string Spell(const HarnessOptions& o) {
  return absl::StrCat(
      "replicas=", o.replicas, " ack_after=", Name(o.knobs.ack_after),
      " visible_after=", Name(o.knobs.visible_after), " set=", ToString(o.knobs.sync_set),
      " order=", Name(o.knobs.order), " apply=", Name(o.knobs.replica_apply),
      " on_timeout=", Name(o.knobs.on_timeout), " sync=", Name(o.durability.sync),
      " send_after=", Name(o.knobs.send_after), " take_over=", Name(o.take_over),
      o.knobs.serialize_keys ? " serialize_keys" : "", o.all_kinds ? " all_kinds" : "");
}

HarnessOptions RandomOptions(Rng& rng, uint64_t seed) {
  HarnessOptions o;
  o.replicas = static_cast<int>(1 + rng.Below(4));
  const std::vector<Stage> stages = {
      Stage::kAppend,       Stage::kWrite,        Stage::kFlush,        Stage::kReplicaReceive,
      Stage::kReplicaWrite, Stage::kReplicaFlush, Stage::kReplicaApply, Stage::kReplicaFlush};
  ReplicationKnobs& k = o.knobs;
  k.ack_after = Pick(rng, stages);
  k.visible_after = Pick(rng, stages);
  using Kind = SyncSet::Kind;
  k.sync_set.kind = Pick<Kind>(rng, {Kind::kAny, Kind::kFirst, Kind::kMajority, Kind::kAll});
  k.sync_set.count = static_cast<uint32_t>(1 + rng.Below(static_cast<uint64_t>(o.replicas)));
  if (IsReplicaStage(k.ack_after) && rng.Chance(0.3)) k.order = Order::kReplicasFirst;
  k.replica_apply = Pick<ReplicaApply>(
      rng, {ReplicaApply::kOnReceive, ReplicaApply::kOnFlush, ReplicaApply::kOnCommit});
  k.on_timeout = Pick<OnTimeout>(
      rng, {OnTimeout::kBlock, OnTimeout::kReject, OnTimeout::kUnknown, OnTimeout::kDegrade});
  k.timeout = Millis(static_cast<int64_t>(5 + rng.Below(40)));
  o.durability.sync = Pick<Sync>(
      rng, {Sync::kEveryWrite, Sync::kEveryBatch, Sync::kEveryBatch, Sync::kInterval, Sync::kOs});
  o.durability.interval = Millis(5);
  const auto needs_flush = [](Stage s) { return s == Stage::kFlush || s == Stage::kReplicaFlush; };
  if (o.durability.sync == Sync::kOs && (needs_flush(k.ack_after) || needs_flush(k.visible_after) ||
                                         k.replica_apply == ReplicaApply::kOnFlush)) {
    o.durability.sync = Sync::kInterval;  // waiting for a flush that never comes is not a mode
  }
  // Applying on commit and committing on apply would block, so it is not a mode.
  if (k.ack_after == Stage::kReplicaApply && k.replica_apply == ReplicaApply::kOnCommit) {
    k.replica_apply = ReplicaApply::kOnFlush;
    if (o.durability.sync == Sync::kOs) o.durability.sync = Sync::kInterval;
  }
  k.send_after = Pick<Stage>(rng, {Stage::kAppend, Stage::kWrite, Stage::kFlush});
  if (k.order == Order::kReplicasFirst) k.send_after = Stage::kAppend;
  if (k.send_after == Stage::kFlush && o.durability.sync == Sync::kOs) k.send_after = Stage::kWrite;
  k.serialize_keys = rng.Chance(0.3);
  o.take_over = rng.Chance(0.5) ? TakeOver::kOwnRecord : TakeOver::kAtOnce;
  o.link_delay = Micros(static_cast<int64_t>(Pick<uint64_t>(rng, {10, 200, 1000, 5000})));
  o.flush_delay = Micros(static_cast<int64_t>(Pick<uint64_t>(rng, {1, 200, 3000, 15000})));
  o.truncate_delay = Micros(static_cast<int64_t>(Pick<uint64_t>(rng, {1, 300, 8000, 200000})));
  o.apply_delay = Micros(static_cast<int64_t>(Pick<uint64_t>(rng, {1, 100, 2000})));
  o.window.records_max = Pick<uint64_t>(rng, {1, 8, 1 << 16});
  o.recent_bytes_max = Pick<uint64_t>(rng, {1, 500, 8 << 20});
  o.read_bytes_max = Pick<uint64_t>(rng, {1, 300, 256 << 10});
  o.all_kinds = seed % 2 == 1;
  o.label = absl::StrCat("seed ", seed, " ", Spell(o));
  return o;
}

// The ways in which a fenced primary becomes a replica of the new one.
enum class Rejoin { kByRestart, kInProcess };

class RandomRun {
 public:
  RandomRun(uint64_t seed, Rejoin rejoin)
      : rng_(seed),
        rejoin_(rejoin),
        options_(RandomOptions(rng_, seed)),
        cluster_(options_),
        loses_nothing_(Promises()) {
    const char* traced = std::getenv("REPLSIM_TRACE");
    if (traced == nullptr || absl::StrCat(seed) != traced) return;
    cluster_.on_effect = [this](const std::string& node, const Effect& effect) {
      std::fputs(SpellEffect(cluster_, node, effect).c_str(), stderr);
    };
  }

  void Go() {
    SCOPED_TRACE(options_.label);
    for (int step = 0; step < 60 && !testing::Test::HasFailure(); ++step) {
      Disturb();
      cluster_.Run(Micros(static_cast<int64_t>(rng_.Below(15'000))));
    }
    Mend();
    cluster_.Run(Millis(10'000));
    EXPECT_EQ(cluster_.WhyNotConverged(), "");
    const RequestId last = cluster_.Write(1)[0];
    cluster_.Run(Millis(2000));
    ASSERT_TRUE(cluster_.answers().contains(last)) << "no write goes through after healing";
    const WriteOutcome outcome = cluster_.answers().at(last).answer.outcome;
    // If disks are slower than the gate's timeout, "unknown" is the correct answer.
    const Nanos flush =
        options_.flush_delay +
        (options_.durability.sync == Sync::kInterval ? options_.durability.interval : Nanos(0));
    const bool slow = 4 * (flush + options_.link_delay) > options_.knobs.timeout;
    EXPECT_TRUE(outcome == WriteOutcome::kCommitted || (slow && outcome == WriteOutcome::kUnknown));
    EXPECT_EQ(cluster_.WhyNotConverged(), "");
    ExpectNothingLost();
    EXPECT_EQ(cluster_.LoggedTwice(cluster_.primary()), 0u);
  }

  int role_changes() const { return role_changes_; }

 private:
  // Whether a promotion of the best among enough nodes must keep every write acknowledged as
  // protected.
  bool Promises() const {
    return options_.knobs.ack_after == Stage::kReplicaFlush &&
           FlushesBeforeAnswering(options_.durability.sync) &&
           options_.knobs.sync_set.kind != SyncSet::Kind::kAll;
  }

  std::string AnyNode() { return Pick(rng_, cluster_.ids()); }

  void Disturb() {
    const std::string a = AnyNode(), b = AnyNode();
    if (rejoin_ == Rejoin::kInProcess && rng_.Chance(0.2)) return BecomeReplica(a);
    switch (rng_.Below(19)) {
      case 0:
        if (a != b) cluster_.Cut(a, b);
        break;
      case 1:
        if (a != b) cluster_.Cut(a, b), cluster_.Cut(b, a);
        break;
      case 2:
      case 3:
        cluster_.HealAll();
        break;
      case 4:
        if (cluster_.up(a)) cluster_.Crash(a, rng_.Chance(0.5));
        break;
      case 5:
      case 6:
        Restart(a);
        break;
      case 7:
        Promote();
        break;
      case 8:
        if (cluster_.up(a)) {
          const auto consistency = Pick<ReadConsistency>(
              rng_,
              {ReadConsistency::kAny, ReadConsistency::kAtPosition, ReadConsistency::kPrimary});
          cluster_.Read(a, consistency, cluster_.end_of_log(b));
        }
        break;
      case 9:
        if (cluster_.up(a))
          cluster_.SetApplyDelay(a, Micros(static_cast<int64_t>(rng_.Below(3000))));
        break;
      case 10:  // a client that does not know of any failover
        if (cluster_.up(a)) cluster_.Write(1, a);
        break;
      case 11:  // one that does, and asks again
        if (!sent_.empty()) WriteAgain(rng_.Chance(0.7) ? cluster_.primary() : a);
        break;
      case 12:
        if (cluster_.up(a)) Send(1, true);
        break;
      case 13:
        if (cluster_.up(a) && cluster_.end_of_log(b).lsn > Lsn(0))
          cluster_.AskTicket(cluster_.end_of_log(b), rng_.Chance(0.5), a);
        break;
      default:
        Send(static_cast<int>(1 + rng_.Below(6)), false);
    }
  }

  void Send(int count, bool ticket) {
    if (!cluster_.up(cluster_.primary())) return;
    for (const RequestId id : cluster_.Write(count, "", Epoch(0), ticket))
      sent_.push_back(id.value());
  }

  void WriteAgain(const std::string& node) {
    if (cluster_.up(node)) cluster_.WriteAgain(Pick(rng_, sent_), node);
  }

  void Restart(const std::string& id) {
    if (cluster_.up(id)) return;
    if (id == cluster_.primary()) {
      cluster_.RestartAsPrimary(id);
    } else {
      cluster_.RestartAsReplica(id, cluster_.primary());
    }
  }

  void BecomeReplica(const std::string& id) {
    if (!cluster_.up(id) || !cluster_.Describe(id).fenced || id == cluster_.primary()) return;
    EXPECT_TRUE(cluster_.BecomeReplica(id, cluster_.primary()));
    ++role_changes_;
  }

  void Promote() {
    std::vector<std::string> live;
    for (const std::string& id : cluster_.ids()) {
      if (id != cluster_.primary() && cluster_.up(id) && !cluster_.Describe(id).is_primary)
        live.push_back(id);
    }
    if (live.empty()) return;
    if (!loses_nothing_) {
      std::vector<std::string> told;
      for (const std::string& id : live) {
        if (rng_.Chance(0.7)) told.push_back(id);
      }
      cluster_.Promote(Pick(rng_, live), told);
      return;
    }
    const size_t others = cluster_.ids().size() - 1;
    const size_t needed = options_.knobs.sync_set.kind == SyncSet::Kind::kMajority
                              ? (others + 1) / 2
                              : options_.knobs.sync_set.count;
    if (live.size() + needed <= others) return;  // all nodes asked might lack it
    if (cluster_.Promote(cluster_.Best(live), live)) ExpectNothingLost();
  }

  void ExpectNothingLost() {
    if (!loses_nothing_) return;
    for (const auto& [id, told] : cluster_.answers()) {
      if (told.answer.outcome != WriteOutcome::kCommitted || !told.answer.is_protected) continue;
      EXPECT_TRUE(cluster_.Holds(cluster_.primary(), told.answer.position))
          << told.node << " acknowledged " << ToString(told.answer.position) << ", "
          << cluster_.primary() << " leads without it";
    }
  }

  void Mend() {
    cluster_.HealAll();
    for (const std::string& id : cluster_.ids()) {
      if (rejoin_ == Rejoin::kInProcess) BecomeReplica(id);
      // A former primary that was fenced, or does not yet know that it is.
      const bool led = cluster_.up(id) && cluster_.Describe(id).is_primary;
      if (led && (id != cluster_.primary() || cluster_.Describe(id).fenced))
        cluster_.Crash(id, false);
    }
    Restart(cluster_.primary());
    for (const std::string& id : cluster_.ids()) {
      Restart(id);
      cluster_.SetApplyDelay(id, Nanos(0));
    }
  }

  Rng rng_;
  const Rejoin rejoin_;
  int role_changes_ = 0;
  const HarnessOptions options_;
  CoreHarness cluster_;
  const bool loses_nothing_;
  std::vector<uint64_t> sent_;  // clients that have sent their one write
};

class RandomRuns : public testing::TestWithParam<uint64_t> {};

TEST_P(RandomRuns, KeepTheirPromisesAndConverge) {
  const char* base = std::getenv("REPLSIM_SEED_BASE");
  const uint64_t first = GetParam() + (base == nullptr ? 0 : std::strtoull(base, nullptr, 10));
  for (uint64_t seed = first; seed < first + kSeedsPerTest; ++seed) {
    RandomRun(seed, Rejoin::kByRestart).Go();
    if (HasFailure()) return;
  }
}

TEST_P(RandomRuns, FencedPrimariesFollowWithoutARestart) {
  const char* base = std::getenv("REPLSIM_SEED_BASE");
  const uint64_t first = GetParam() + (base == nullptr ? 0 : std::strtoull(base, nullptr, 10));
  int role_changes = 0;
  for (uint64_t seed = first; seed < first + kSeedsPerTest; ++seed) {
    RandomRun run(seed, Rejoin::kInProcess);
    run.Go();
    role_changes += run.role_changes();
    if (HasFailure()) return;
  }
  EXPECT_GT(role_changes, kSeedsPerTest / 5);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomRuns, testing::Range<uint64_t>(0, 400, kSeedsPerTest));

}  // namespace
}  // namespace replsim::core_property_test
