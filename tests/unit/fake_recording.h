// Builds recordings by hand, for tests of the analysis. Times are in milliseconds. No cluster is
// simulated: the recording contains only what the test adds.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "protos/types.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

inline constexpr int64_t kMs = 1'000'000;

class FakeRecording {
 public:
  // The load runs from 1000 ms to 2000 ms, the run to 3000 ms. Nothing is at 0, which a trace
  // cannot store.
  static constexpr int64_t kBegin = 1000;
  static constexpr int64_t kEnd = 2000;
  static constexpr int64_t kRunEnd = 3000;
  static constexpr uint64_t kRecordBytes = 100;

  explicit FakeRecording(std::vector<std::string> nodes) {
    recording_.folder = "fake";
    proto::Manifest& manifest = recording_.manifest;
    manifest.set_scenario("fake");
    manifest.set_question("What happens?");
    manifest.set_variant("async");
    manifest.set_runtime("virtual");
    manifest.set_seed(42);
    manifest.set_complete(true);
    manifest.set_load_begin_ns(kBegin * kMs);
    manifest.set_load_end_ns(kEnd * kMs);
    manifest.set_end_ns(kRunEnd * kMs);
    manifest.set_final_primary(nodes[0]);
    for (const std::string& id : nodes) {
      manifest.add_nodes(id);
      NodeRecording node;
      node.id = id;
      node.trace.emplace();
      recording_.nodes.push_back(std::move(node));
    }
  }

  proto::Manifest& manifest() { return recording_.manifest; }
  std::vector<ListedValue>& lists() { return recording_.lists; }
  Operation& last() { return recording_.operations.back(); }  // the operation added last
  NodeRecording& node(const std::string& id) { return recording_.nodes[*recording_.NodeIndex(id)]; }

  FakeRecording& Trace(const std::string& id, double ms, TraceKind kind, uint32_t epoch,
                       uint64_t lsn, const std::string& peer = "") {
    TraceRecord record;
    record.kind = static_cast<uint8_t>(kind);
    record.epoch = epoch;
    record.lsn = lsn;
    record.bytes = lsn * kRecordBytes;
    record.time_ns = Ns(ms);
    if (!peer.empty()) record.peer = static_cast<uint16_t>(*recording_.NodeIndex(peer));
    node(id).trace->push_back(record);
    return *this;
  }
  FakeRecording& Leads(const std::string& id, double ms, uint32_t epoch, uint64_t after) {
    return Trace(id, ms, TraceKind::kLeads, epoch, after);
  }
  FakeRecording& Started(const std::string& id, double ms, uint64_t lsn = 0, uint32_t epoch = 0) {
    return Trace(id, ms, TraceKind::kStarted, epoch, lsn);
  }
  // Advances all four stages at once.
  FakeRecording& Reaches(const std::string& id, double ms, uint32_t epoch, uint64_t lsn) {
    for (const TraceKind kind :
         {TraceKind::kAppend, TraceKind::kWrite, TraceKind::kFlush, TraceKind::kApply}) {
      Trace(id, ms, kind, epoch, lsn);
    }
    return *this;
  }
  FakeRecording& Append(const std::string& id, double ms, uint32_t epoch, uint64_t lsn) {
    return Trace(id, ms, TraceKind::kAppend, epoch, lsn);
  }

  // Adds a write with its outcome, times and position. Sequence numbers count up per recording.
  // Operations are returned as copies, for use in logs.
  Operation Write(uint32_t client, uint32_t key, double invoked, double completed,
                  proto::Outcome outcome, uint32_t epoch = 0, uint64_t lsn = 0,
                  const std::string& served_by = "") {
    Operation operation;
    operation.is_write = 1;
    operation.client = client;
    operation.sequence = ++sequence_;
    operation.key = key;
    operation.outcome = static_cast<uint8_t>(outcome);
    operation.epoch = epoch;
    operation.lsn = lsn;
    return Add(operation, invoked, completed, served_by);
  }
  Operation Read(uint32_t client, uint32_t key, double invoked, double completed,
                 const std::string& served_by, uint32_t epoch, uint64_t lsn) {
    Operation operation;
    operation.client = client;
    operation.sequence = ++sequence_;
    operation.key = key;
    operation.outcome = proto::COMMITTED;
    operation.epoch = epoch;
    operation.lsn = lsn;
    return Add(operation, invoked, completed, served_by);
  }
  // A read that was refused.
  Operation Failed(uint32_t client, uint32_t key, double invoked, double completed) {
    Operation operation;
    operation.client = client;
    operation.sequence = ++sequence_;
    operation.key = key;
    operation.outcome = proto::REJECTED;
    return Add(operation, invoked, completed, "");
  }

  // Adds the write to the log of `id` (by default the first node), at its own position or the given
  // one.
  FakeRecording& Log(const Operation& write, uint64_t epoch, uint64_t lsn,
                     const std::string& id = "") {
    NodeRecording& holder = id.empty() ? recording_.nodes[0] : node(id);
    if (!holder.log) holder.log.emplace();
    LogEntry entry;
    entry.epoch = epoch;
    entry.lsn = lsn;
    entry.client = write.client;
    entry.sequence = write.sequence;
    entry.key = write.key;
    entry.key_count = static_cast<uint8_t>(write.key_count());
    entry.user_bytes = 60;
    entry.log_bytes = kRecordBytes;
    holder.log->push_back(entry);
    return *this;
  }
  FakeRecording& Log(const Operation& write) { return Log(write, write.epoch, write.lsn); }
  FakeRecording& EmptyLog(const std::string& id) {
    node(id).log.emplace();
    return *this;
  }

  FakeRecording& Event(double ms, proto::RunEvent::Kind kind, const std::string& id = "",
                       const std::string& peer = "", const std::string& detail = "") {
    proto::RunEvent event;
    event.set_time_ns(Ns(ms));
    event.set_kind(kind);
    event.set_node(id);
    event.set_peer(peer);
    event.set_detail(detail);
    recording_.events.push_back(std::move(event));
    return *this;
  }

  // Returns the recording as the reader would: everything in order of time.
  Recording Done() const {
    Recording recording = recording_;
    for (NodeRecording& node : recording.nodes) {
      if (!node.trace) continue;
      std::stable_sort(
          node.trace->begin(), node.trace->end(),
          [](const TraceRecord& a, const TraceRecord& b) { return a.time_ns < b.time_ns; });
    }
    std::stable_sort(
        recording.operations.begin(), recording.operations.end(),
        [](const Operation& a, const Operation& b) { return a.completed_ns < b.completed_ns; });
    std::stable_sort(recording.events.begin(), recording.events.end(),
                     [](const auto& a, const auto& b) { return a.time_ns() < b.time_ns(); });
    return recording;
  }

  static constexpr int64_t Ns(double ms) {
    return static_cast<int64_t>(ms * static_cast<double>(kMs));
  }

 private:
  Operation Add(Operation operation, double invoked, double completed,
                const std::string& served_by) {
    operation.intended_ns = operation.invoked_ns = Ns(invoked);
    operation.completed_ns = Ns(completed);
    operation.node =
        served_by.empty() ? 0 : static_cast<uint16_t>(*recording_.NodeIndex(served_by));
    recording_.operations.push_back(operation);
    return operation;
  }

  Recording recording_;
  uint64_t sequence_ = 0;
};

}  // namespace replsim
