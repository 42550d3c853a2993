// Writes a node's stage trace (common/protocol/trace.h) into a memory-mapped file. Recording is a
// store to memory. Stored records survive SIGKILL, because they are in the page cache. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/node/node_host.h"

namespace replsim {

class StageRecorder final : public TraceSink {
 public:
  // Opens or creates the file and appends to the records of earlier processes of this node.
  // Unavailable if the file cannot be opened or mapped.
  static absl::StatusOr<std::unique_ptr<StageRecorder>> Open(const std::string& path);
  ~StageRecorder() override;

  void Add(const TraceRecord& record) override;

 private:
  StageRecorder(int fd, uint64_t used);
  // Maps the window of the file that begins at window_start_; the file grows with it. If the disk
  // is full, recording stops with a message on stderr, and the node continues.
  void MapNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const int fd_;
  absl::Mutex mutex_;
  uint64_t window_start_ ABSL_GUARDED_BY(mutex_);  // in records
  uint64_t next_ ABSL_GUARDED_BY(mutex_);          // within the window
  TraceRecord* window_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace replsim
