// The metrics that `replsim run --serve` serves at /metrics: writes and reads as the clients saw
// them, and the faults in force. The nodes cannot know either. docs/monitoring.md describes each
// metric. Thread-safe.
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
  // Returns a sink that counts what is recorded and passes it on to `sink`. Each run has its own
  // sink; the counters continue over all runs. This object outlives the sinks.
  std::unique_ptr<RecordingSink> CountInto(std::unique_ptr<RecordingSink> sink);

  // Returns the metrics in Prometheus' text format. Any thread.
  std::string Text() const;

 private:
  class CountingSink;
  using Counts = std::array<uint64_t, 4>;                           // by Outcome
  using Place = std::tuple<std::string, std::string, std::string>;  // kind, node, peer

  void Add(const Operation& operation);
  void Add(const proto::RunEvent& event);
  void EndRun();  // ends the load and all faults in force

  mutable absl::Mutex mutex_;
  Counts writes_ ABSL_GUARDED_BY(mutex_) = {};
  Counts reads_ ABSL_GUARDED_BY(mutex_) = {};
  bool load_ ABSL_GUARDED_BY(mutex_) = false;  // the clients are sending
  // The events that began the faults in force. Events alone are enough, because faults begin and
  // end exactly at their events.
  Recording in_force_ ABSL_GUARDED_BY(mutex_);
  std::set<Place> active_ ABSL_GUARDED_BY(mutex_);
  std::set<Place> seen_ ABSL_GUARDED_BY(mutex_);  // was in force at some time
};

}  // namespace replsim
