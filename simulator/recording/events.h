// events.jsonl of a run folder: the events of the cluster, one RunEvent as JSON per line, with the
// field names of the proto.
#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "protos/recording.pb.h"

namespace replsim {

// Whether an event of this kind means that a process has ended, for any cause.
bool IsDeath(proto::RunEvent::Kind kind);

// Appends events. Each event has been written to the kernel when Write returns, so an aborted run
// keeps its events.
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
  std::string cut_short;                // set if the last line is incomplete; otherwise empty
};
// DataLoss with file and line number if a line other than the last is malformed.
absl::StatusOr<RunEvents> ReadEvents(const std::string& path);

}  // namespace replsim
