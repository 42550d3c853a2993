// The log device of a virtual node: what the log thread is live (common/runtime/log_thread.h), with
// flushes that take the time the machine says. What is written while one flush runs is flushed
// together by the next: group commit.
#pragma once

#include <deque>
#include <memory>

#include "common/base/rng.h"
#include "common/config/delay.h"
#include "common/disk/disk_faults.h"
#include "common/node/node.h"
#include "common/wal/log.h"
#include "simulator/cluster/scheduler.h"

namespace replsim {

class VirtualDisk final : public LogDevice {
 public:
  // The node's end of it: posting an event, reaching a failpoint (NodeHost).
  struct Owner {
    Node* node;
    NodeHost* host;
  };
  // How much longer flushes take, of all that can be wrong with a disk, is up to this one: the rest
  // is found by whoever writes and flushes (common/disk/node_disk.h). All outlive the disk but the
  // scheduler's callbacks, which look whether it is still there.
  VirtualDisk(Log& log, DelaySampler flush, DiskFaults& faults, const Rng& rng,
              Scheduler* scheduler, Owner owner)
      : log_(log),
        flush_(std::move(flush)),
        faults_(faults),
        rng_(rng),
        scheduler_(scheduler),
        owner_(owner),
        flushed_(log.last()) {}

  void AppendAndFlush(BatchPtr batch) override;
  void Flush() override;
  void Drain() override;
  void Truncated(Lsn last) override { flushed_ = std::min(flushed_, last); }

  // The node goes on after a failpoint that stopped it while the disk was at work.
  void Resume();

 private:
  void Next();
  bool WriteFront();
  void GiveBackFront();
  void BeginFlush();
  void EndFlush(uint64_t operation);
  void StopAt(const Failpoints::Match& match);
  void Fail(const absl::Status& why);

  Log& log_;
  const DelaySampler flush_;
  DiskFaults& faults_;
  Rng rng_;
  Scheduler* const scheduler_;
  const Owner owner_;
  std::deque<BatchPtr> queue_;  // null: only flush
  Lsn flushed_;
  Lsn flushing_to_;
  bool busy_ = false;     // from the start of a flush to its end
  bool stopped_ = false;  // at a failpoint
  bool failed_ = false;   // nothing is acknowledged after a failure
  uint64_t operation_ = 0;
  const std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace replsim
