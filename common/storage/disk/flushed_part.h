// What a loss of power would leave of one file of a node. Kept while the node runs, so that the
// power can be lost although the machine goes on (power_loss.h).
//
// The files of a node are logs: behind the data there are only zeros, written ahead, and what is
// rewritten is rewritten with the same bytes. So one position says what has been flushed. Names,
// and files that are made shorter, are for undo_journal.h.
//
// Two threads may be at it, one that writes and one that flushes. It may lie in a mapped file,
// where it outlives the process; all zero is a file of which nothing was flushed.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

namespace replsim {

class FlushedPart {
 public:
  struct Range {
    uint64_t begin = 0;
    uint64_t end = 0;
  };
  static constexpr size_t kHolesMax = 8;

  // Behind it, up to size_bytes(): zeros.
  uint64_t data_end() const { return data_end_; }
  uint64_t size_bytes() const { return size_bytes_; }
  // Up to here the file was flushed, or should have been.
  uint64_t noted_end() const { return std::max<uint64_t>(data_end_, dropped_end_); }
  // What the kernel was given below data_end, and dropped when a flush failed.
  std::array<Range, kHolesMax> holes() const;

  // Data was written at `offset`, where zeros had been flushed.
  void Overwritten(uint64_t offset);
  // The bytes that failed flushes had dropped were written again, and that was flushed.
  void FillHoles() { hole_count_ = 0; }
  void Truncated(uint64_t size_bytes);
  void Flushed(uint64_t data_end, uint64_t size_bytes);
  // A flush of what was written up to `data_end` failed: none of that will ever reach the disk,
  // though a later flush says OK ("fsyncgate", 2018: Linux marks such pages clean).
  void FlushFailed(uint64_t data_end);

 private:
  std::atomic<uint64_t> data_end_{0};
  std::atomic<uint64_t> size_bytes_{0};
  std::atomic<uint64_t> dropped_end_{0};  // up to here failed flushes have dropped
  std::atomic<uint64_t> hole_count_{0};
  std::array<std::atomic<uint64_t>, 2 * kHolesMax> holes_{};  // begin, end, begin, …
};
static_assert(std::atomic<uint64_t>::is_always_lock_free);

}  // namespace replsim
