// events.jsonl of a run folder: what happened to the cluster, one RunEvent as JSON per line, in the
// proto's own field names.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "protos/recording.pb.h"

namespace replsim {

// Whether the event says that a process has ended, by whatever cause.
bool IsDeath(proto::RunEvent::Kind kind);

// Each event is with the kernel when Write returns, so a run that breaks off leaves its events.
class EventWriter {
 public:
  static absl::StatusOr<EventWriter> Create(const std::string& path);
  absl::Status Write(const proto::RunEvent& event);

 private:
  std::string path_;
  std::ofstream file_;
};

struct RunEvents {
  std::vector<proto::RunEvent> events;  // in order of time
  std::string cut_short;                // says so where the last line is not whole; else empty
};
// A broken line that is not the last one is DataLoss with file and line number.
absl::StatusOr<RunEvents> ReadEvents(const std::string& path);

}  // namespace replsim
