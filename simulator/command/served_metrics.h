// What `replsim run --serve` serves at /metrics: the writes and reads as the clients saw them, and
// the faults in force. The nodes cannot know either. docs/monitoring.md is for its readers.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <tuple>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "simulator/recording/recording_sink.h"

namespace replsim {

class ServedMetrics {
 public:
  // A sink that counts what is recorded and passes it on to `sink`. Of one run; the next run has a
  // sink of its own, and the counters go on. The metrics outlive it.
  std::unique_ptr<RecordingSink> CountInto(std::unique_ptr<RecordingSink> sink);

  // In Prometheus' text format. On any thread.
  std::string Text() const;

 private:
  class CountingSink;
  using Counts = std::array<uint64_t, 4>;                           // by Outcome
  using Place = std::tuple<std::string, std::string, std::string>;  // kind, node, peer

  void Add(const Operation& operation);
  void Add(const proto::RunEvent& event);
  void EndRun();  // no load, and no fault in force

  mutable absl::Mutex mutex_;
  Counts writes_ ABSL_GUARDED_BY(mutex_) = {};
  Counts reads_ ABSL_GUARDED_BY(mutex_) = {};
  bool load_ ABSL_GUARDED_BY(mutex_) = false;  // the clients send
  // The events that began the faults in force. No traces: begins and ends are as exact as events.
  Recording in_force_ ABSL_GUARDED_BY(mutex_);
  std::set<Place> active_ ABSL_GUARDED_BY(mutex_);
  std::set<Place> seen_ ABSL_GUARDED_BY(mutex_);  // in force at some time
};

}  // namespace replsim
