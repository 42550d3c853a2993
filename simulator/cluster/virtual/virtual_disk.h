// The log device of a virtual node: what those of common/server/loop/log_device.h are live, with
// flushes that take the time the machine says. What is written while one flush runs is flushed
// together by the next: group commit.
//
//   blocking   the node's processor is taken for as long as the flush takes: nothing else happens
//              in the node, and what its turn sends leaves afterwards
//   thread     the processor is free; a node that had nothing else to do wakes up for the end
//   io_uring   the same: live, the two differ by less than neighbours do (docs/performance.md)
#pragma once

#include <deque>
#include <memory>

#include "common/base/rng.h"
#include "common/config/delay.h"
#include "common/node/node.h"
#include "common/protocol/knobs.h"
#include "common/storage/disk/disk_faults.h"
#include "common/storage/log/log.h"
#include "simulator/cluster/seam/scheduler.h"

namespace replsim {

class VirtualDisk final : public LogDevice {
 public:
  // The node's end of it: posting an event, reaching a failpoint (NodeHost).
  struct Owner {
    Node* node;
    NodeHost* host;
    Instant* busy_until;  // its processor, which blocking flushes take
  };
  struct Timing {
    IoModel io = IoModel::kThread;
    DelaySampler flush;          // while its node leads
    DelaySampler replica_flush;  // while it does not
  };
  // How much longer flushes take, of all that can be wrong with a disk, is up to this one: the rest
  // is found by whoever writes and flushes (common/storage/disk/node_disk.h). All outlive the disk
  // but the scheduler's callbacks, which look whether it is still there.
  VirtualDisk(Log& log, Timing timing, DiskFaults& faults, const Rng& rng, Scheduler* scheduler,
              Owner owner)
      : log_(log),
        timing_(std::move(timing)),
        faults_(faults),
        rng_(rng),
        scheduler_(scheduler),
        owner_(std::move(owner)),
        flushed_(log.last()) {}

  void AppendAndFlush(BatchPtr batch) override;
  void Flush() override;
  void Drain() override;
  void Truncated(Lsn last) override { flushed_ = std::min(flushed_, last); }

  // Of blocking: when the last flush ended, whose end finds the processor awake.
  Instant awake_at() const { return awake_at_; }

  // The node goes on after a failpoint that stopped it while the disk was at work.
  void Resume();

 private:
  struct Item {
    BatchPtr batch;  // null: only flush
    // Of blocking, where the processor is taken at once for all that is queued.
    Nanos flush{0};
    Instant end;
  };
  bool blocking() const { return timing_.io == IoModel::kBlocking; }
  void Add(BatchPtr batch);
  void Next();
  bool WriteFront();
  void GiveBackFront();
  void BeginFlush(const Item& item);
  Nanos FlushTime(Instant begin);
  Instant FlushEnd(const Item& item);
  void EndFlush(uint64_t operation);
  void StopAt(const Failpoints::Match& match);
  void Fail(const absl::Status& why);

  Log& log_;
  const Timing timing_;
  DiskFaults& faults_;
  Rng rng_;
  Scheduler* const scheduler_;
  const Owner owner_;
  std::deque<Item> queue_;
  Lsn flushed_;
  Lsn flushing_to_;
  uint64_t device_bytes_ = 0;  // of the flush under way
  Instant awake_at_;
  bool busy_ = false;     // from the start of a flush to its end
  bool stopped_ = false;  // at a failpoint
  bool failed_ = false;   // nothing is acknowledged after a failure
  uint64_t operation_ = 0;
  const std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace replsim
