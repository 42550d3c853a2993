// The log device of a virtual node; the counterpart of the devices in
// common/server/loop/log_device.h. The machine sets the duration of a flush. Batches that arrive
// during a flush are flushed together by the next one: group commit.
//
//   blocking   a flush occupies the node's processor: nothing else happens in the node, and the
//              messages of its turn leave afterwards
//   thread     the processor stays free; an idle node wakes up for the end of the flush
//   io_uring   like thread: live, their difference is below the noise (docs/performance.md)
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
  // The node to which the disk posts events and reports failpoints (NodeHost).
  struct Owner {
    Node* node;
    NodeHost* host;
    Instant* busy_until;  // the node's processor, which blocking flushes occupy
  };
  struct Timing {
    IoModel io = IoModel::kThread;
    DelaySampler flush;          // duration while the node leads
    DelaySampler replica_flush;  // duration while the node does not lead
  };
  // `faults` tells how much longer flushes take. All other disk faults take effect in the file
  // system that writes and flushes (common/storage/disk/node_disk.h). All arguments outlive the
  // disk; scheduler callbacks check whether the disk still exists.
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

  // With io blocking: the end of the last flush, at which the processor is already awake.
  Instant awake_at() const { return awake_at_; }

  // Continues after a failpoint that stopped the node while the disk was working.
  void Resume();

 private:
  struct Item {
    BatchPtr batch;  // null: only a flush
    // With io blocking only: the processor is occupied at once for everything queued.
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
  uint64_t device_bytes_ = 0;  // bytes of the flush in progress
  Instant awake_at_;
  bool busy_ = false;     // a flush is in progress
  bool stopped_ = false;  // stopped at a failpoint
  bool failed_ = false;   // after a failure nothing more is acknowledged
  uint64_t operation_ = 0;
  const std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace replsim
