// Faults of the disks of real processes. The node itself records what it has flushed
// (common/storage/disk/durable_extents.h), so its files can be truncated after it has died.
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/storage/disk/power_loss.h"
#include "simulator/cluster/live/live_cluster.h"
#include "simulator/cluster/managed/node_actions.h"
#include "simulator/cluster/managed/to_bit_flipped.h"

namespace replsim {
namespace {

absl::StatusOr<uint64_t> CutBack(const std::string& folder, std::optional<uint64_t> torn_seed) {
  REPL_ASSIGN_OR_RETURN(const std::unique_ptr<DurableExtents> notes,
                        OpenMappedDurableExtents(absl::StrCat(folder, "/", kDurableExtentsName)));
  std::optional<Rng> torn;
  if (torn_seed) torn.emplace(*torn_seed);
  return LosePower(PosixFileSystem(), *notes, folder, torn ? &*torn : nullptr);
}

}  // namespace

void LiveCluster::LosePower(const NodeId& id, std::optional<uint64_t> torn_seed, PowerLost done) {
  auto cut = [this, id, torn_seed, done = std::move(done)](absl::Status killed) mutable {
    if (!killed.ok()) return done(killed);
    done(CutBack(Find(id).folder, torn_seed));
  };
  LiveNode& node = Find(id);
  if (absl::Status may = MayLose(id, node.state); !may.ok()) return Later(std::move(cut), may);
  if (node.state == NodeState::kDown) return Later(std::move(cut), absl::OkStatus());
  End(node, std::move(cut));
}

void LiveCluster::SetDisk(const NodeId& id, const proto::SetDiskRequest& change, Done done) {
  LiveNode& node = Find(id);
  if (absl::Status may = MaySetDisk(id, node.state, change); !may.ok()) {
    return Later(std::move(done), may);
  }
  node.disk_is_broken = node.disk_is_broken || !change.heal();
  if (change.heal()) node.disk.Clear();
  node.disk.MergeFrom(change);
  node.disk.clear_flushes_to_fail();
  node.disk.clear_stall();
  if (node.state == NodeState::kUp) {
    return node.control->SetDisk(change, UnlessItTookEffect(id, std::move(done)));
  }
  // A node that is down or paused receives the change when it is up again.
  node.disk_untold = true;
  Later(std::move(done), absl::OkStatus());
}

void LiveCluster::TellDisk(const NodeId& id, Done done) {
  LiveNode& node = Find(id);
  node.disk_untold = false;
  proto::SetDiskRequest all = node.disk;
  all.set_heal(true);  // clears what the node was told before
  node.control->SetDisk(all, std::move(done));
}

void LiveCluster::FlipBit(const NodeId& id, Lsn lsn, uint64_t seed,
                          absl::AnyInvocable<void(absl::StatusOr<BitFlipped>)> done) {
  LiveNode& node = Find(id);
  node.disk_is_broken = true;
  scheduler_->Post(
      [done = std::move(done), flipped = ToBitFlipped(replsim::FlipBit(
                                   PosixFileSystem(), absl::StrCat(node.folder, "/log"), lsn,
                                   Rng(seed)))]() mutable { done(std::move(flipped)); });
}

}  // namespace replsim
