// The part of one file of a node that has been flushed and would survive a power loss. It is
// tracked while the node runs, so that a power loss can be simulated while the machine keeps
// running (power_loss.h).
//
// The files of a node are logs. After the data there are only zeros, written ahead, and data is
// only rewritten with the same bytes. One position therefore describes the flushed part.
// undo_journal.h handles names and truncations.
//
// One thread may write the file while another one flushes it. The object may lie in a mapped file,
// where it outlives the process. All zero bytes mean a file of which nothing has been flushed.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

namespace replsim {

class DurableExtent {
 public:
  struct Range {
    uint64_t begin = 0;
    uint64_t end = 0;
  };
  static constexpr size_t kHolesMax = 8;

  // End of the flushed data. The flushed file holds zeros from there to size_bytes().
  uint64_t data_end() const { return data_end_; }
  uint64_t size_bytes() const { return size_bytes_; }
  // Up to here a flush has succeeded or failed.
  uint64_t noted_end() const { return std::max<uint64_t>(data_end_, dropped_end_); }
  // Ranges that the kernel dropped when a flush failed. Their bytes are not on the disk, even if
  // data_end() lies after them.
  std::array<Range, kHolesMax> holes() const;

  // Different data was written at `offset`: nothing from there on counts as flushed.
  void Overwritten(uint64_t offset);
  // The bytes that failed flushes had dropped were written again and then flushed.
  void FillHoles() { hole_count_ = 0; }
  void Truncated(uint64_t size_bytes);
  void Flushed(uint64_t data_end, uint64_t size_bytes);
  // A flush of the data up to `data_end` failed. None of it reaches the disk, although a later
  // flush succeeds: Linux marks such pages clean ("fsyncgate", 2018).
  void FlushFailed(uint64_t data_end);

 private:
  std::atomic<uint64_t> data_end_{0};
  std::atomic<uint64_t> size_bytes_{0};
  std::atomic<uint64_t> dropped_end_{0};  // end of the data that failed flushes dropped
  std::atomic<uint64_t> hole_count_{0};
  std::array<std::atomic<uint64_t>, 2 * kHolesMax> holes_{};  // begin, end, begin, …
};
static_assert(std::atomic<uint64_t>::is_always_lock_free);

}  // namespace replsim
