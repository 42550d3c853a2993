#include "simulator/recording/events.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/plausible_time.h"

namespace replsim {

bool IsDeath(proto::RunEvent::Kind kind) {
  return kind == proto::RunEvent::KILLED || kind == proto::RunEvent::EXITED ||
         kind == proto::RunEvent::POWER_LOST || kind == proto::RunEvent::FAILED;
}

absl::StatusOr<EventWriter> EventWriter::Create(const std::string& path) {
  EventWriter writer;
  writer.path_ = path;
  writer.file_.open(path, std::ios::binary | std::ios::trunc);
  if (!writer.file_) return CannotWrite(path);
  return writer;
}

absl::Status EventWriter::Write(const proto::RunEvent& event) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string line;
  if (!google::protobuf::util::MessageToJsonString(event, &line, options).ok()) {
    return absl::InternalError(absl::StrCat(path_, ": an event cannot be written as JSON"));
  }
  file_ << line << '\n' << std::flush;
  return file_ ? absl::OkStatus() : CannotWrite(path_);
}

absl::StatusOr<RunEvents> ReadEvents(const std::string& path) {
  REPL_ASSIGN_OR_RETURN(const std::string bytes, ReadFileBytes(path));
  const std::vector<absl::string_view> lines = absl::StrSplit(bytes, '\n');
  RunEvents result;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    proto::RunEvent event;
    const auto parsed =
        google::protobuf::util::JsonStringToMessage({lines[i].data(), lines[i].size()}, &event);
    if (parsed.ok() && !(IsPlausibleTime(event.time_ns()) && IsPlausibleTime(event.begun_ns()))) {
      return absl::DataLossError(absl::StrCat(
          path, ":", i + 1, ": an event with an impossible time; the file is damaged"));
    }
    if (parsed.ok()) {
      result.events.push_back(std::move(event));
    } else if (i + 1 == lines.size()) {  // the writer was stopped while writing it
      result.cut_short = absl::StrCat(path, " ends inside an event: its last line is ignored");
    } else {
      return absl::DataLossError(
          absl::StrCat(path, ":", i + 1, ": not an event: ", parsed.message().ToString()));
    }
  }
  std::stable_sort(result.events.begin(), result.events.end(),
                   [](const auto& a, const auto& b) { return a.time_ns() < b.time_ns(); });
  return result;
}

}  // namespace replsim
