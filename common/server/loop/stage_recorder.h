// Writes a node's stage trace (common/protocol/trace.h) into a mapped file: a record is a store to
// memory, and what was stored survives SIGKILL because the page cache does. Thread-safe.
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
  // Appends after what an earlier life of this node recorded. Takes ownership of the file mapping.
  static absl::StatusOr<std::unique_ptr<StageRecorder>> Open(const std::string& path);
  ~StageRecorder() override;

  void Add(const TraceRecord& record) override;

 private:
  StageRecorder(int fd, uint64_t used);
  // The window of the file that is mapped moves on; the file grows with it. Recording stops, and
  // says so on stderr, where the disk has no room for it: the node itself goes on.
  void MapNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const int fd_;
  absl::Mutex mutex_;
  uint64_t window_start_ ABSL_GUARDED_BY(mutex_);  // in records
  uint64_t next_ ABSL_GUARDED_BY(mutex_);          // within the window
  TraceRecord* window_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace replsim
