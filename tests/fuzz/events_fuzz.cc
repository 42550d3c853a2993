// Any bytes as events.jsonl: what is read is written and read again equal.
#include <google/protobuf/util/message_differencer.h>

#include "simulator/recording/events.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/scratch_folder.h"

namespace replsim {
namespace {

absl::Status Write(const std::string& path, const std::vector<proto::RunEvent>& events) {
  absl::StatusOr<EventWriter> writer = EventWriter::Create(path);
  if (!writer.ok()) return writer.status();
  for (const proto::RunEvent& event : events) {
    const absl::Status written = writer->Write(event);
    if (!written.ok()) return written;
  }
  return absl::OkStatus();
}

}  // namespace

void FuzzOne(absl::string_view input) {
  using google::protobuf::util::MessageDifferencer;
  static const ScratchFolder folder;
  const std::string path = folder.Write("events.jsonl", input);
  const absl::StatusOr<RunEvents> read = ReadEvents(path);
  if (!read.ok()) return CheckRefusal(read.status(), path);
  const absl::Status written = Write(path, read->events);
  REPL_CHECK(written.ok(), written.ToString());
  const absl::StatusOr<RunEvents> again = ReadEvents(path);
  REPL_CHECK(again.ok(), again.status().ToString());
  REPL_CHECK(again->cut_short.empty() && again->events.size() == read->events.size());
  for (size_t i = 0; i < read->events.size(); ++i) {
    REPL_CHECK(MessageDifferencer::Equals(again->events[i], read->events[i]));
  }
}

std::vector<std::string> FuzzSeeds() {
  std::vector<proto::RunEvent> events(2);
  events[0].set_time_ns(1'000'000);
  events[0].set_kind(proto::RunEvent::LOAD_BEGIN);
  events[1].set_time_ns(2'000'000);
  events[1].set_kind(proto::RunEvent::KILLED);
  events[1].set_node("p");
  events[1].set_peer("r1");
  events[1].set_detail("\"quoted\", and ünicode");
  return {BytesOf([&](const std::string& path) { return Write(path, events); })};
}

}  // namespace replsim
