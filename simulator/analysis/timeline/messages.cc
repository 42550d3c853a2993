#include "simulator/analysis/timeline/messages.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/metrics/stage_names.h"

namespace replsim {
namespace {

// A message that takes longer than this is taken for lost.
constexpr int64_t kLongestNs = 1'600'000'000;

const std::vector<TraceRecord>* TraceOf(const Recording& recording, size_t node) {
  const bool known = node < recording.nodes.size() && recording.nodes[node].trace;
  return known ? &*recording.nodes[node].trace : nullptr;
}

// When a stage first reached `lsn` within [from_ns, until_ns] in a log that ends in `epoch` or an
// earlier one. Records of later epochs come from another primary.
std::optional<int64_t> ReachedAfter(const std::vector<TraceRecord>& trace, TraceKind kind,
                                    uint64_t epoch, uint64_t lsn, int64_t from_ns,
                                    int64_t until_ns) {
  auto record =
      std::lower_bound(trace.begin(), trace.end(), from_ns,
                       [](const TraceRecord& r, int64_t time) { return r.time_ns < time; });
  for (; record != trace.end() && record->time_ns <= until_ns; ++record) {
    if (static_cast<TraceKind>(record->kind) != kind) continue;
    if (record->epoch > epoch) return std::nullopt;
    if (record->lsn >= lsn) return record->time_ns;
  }
  return std::nullopt;
}

// When a stage first reached `lsn`, searching backwards from until_ns to from_ns.
std::optional<int64_t> ReachedBefore(const std::vector<TraceRecord>& trace, TraceKind kind,
                                     uint64_t lsn, int64_t until_ns, int64_t from_ns) {
  auto record =
      std::upper_bound(trace.begin(), trace.end(), until_ns,
                       [](int64_t time, const TraceRecord& r) { return time < r.time_ns; });
  std::optional<int64_t> reached;
  while (record != trace.begin()) {
    --record;
    if (record->time_ns < from_ns) break;
    if (static_cast<TraceKind>(record->kind) != kind) continue;
    if (record->lsn < lsn) break;
    reached = record->time_ns;
  }
  return reached;
}

// Collects what one node sent and learned.
class NodeMessages {
 public:
  NodeMessages(const Recording& recording, size_t node) : recording_(recording), node_(node) {}

  std::vector<TracedMessage> Collect(const std::vector<TraceRecord>& trace, TimeRange range) {
    std::map<uint16_t, uint64_t> sent;  // last LSN sent, by peer
    for (const TraceRecord& record : trace) {
      if (record.time_ns > range.end_ns) break;
      const auto kind = static_cast<TraceKind>(record.kind);
      const uint64_t before =
          kind == TraceKind::kSend ? std::exchange(sent[record.peer], record.lsn) : 0;
      if (record.time_ns < range.begin_ns) continue;
      if (kind == TraceKind::kSend) AddBatch(record, before);
      if (kind >= TraceKind::kPeerReceive && kind <= TraceKind::kPeerApply) AddAck(record);
    }
    for (auto& [key, ack] : acks_) messages_.push_back(std::move(ack));
    return std::move(messages_);
  }

 private:
  void AddBatch(const TraceRecord& record, uint64_t before) {
    TracedMessage& batch = messages_.emplace_back();
    batch.node = node_;
    batch.peer = record.peer;
    batch.sent_ns = record.time_ns;
    // After a reconnection the primary sends again from an earlier position.
    batch.first_lsn = std::min(before + 1, record.lsn);
    batch.last_lsn = record.lsn;
    batch.epoch = record.epoch;
    batch.text = batch.first_lsn == batch.last_lsn ? absl::StrCat(record.lsn)
                                                   : absl::StrCat(batch.first_lsn, "…", record.lsn);
    const std::vector<TraceRecord>* peer = TraceOf(recording_, record.peer);
    if (peer == nullptr) return;
    batch.received_ns = ReachedAfter(*peer, TraceKind::kAppend, record.epoch, record.lsn,
                                     record.time_ns, record.time_ns + kLongestNs);
  }

  // Stages that the primary learned of at one instant came in one message.
  void AddAck(const TraceRecord& record) {
    const std::vector<TraceRecord>* peer = TraceOf(recording_, record.peer);
    if (peer == nullptr) return;
    const size_t stage = record.kind - static_cast<size_t>(TraceKind::kPeerReceive);
    const auto kind = static_cast<TraceKind>(static_cast<size_t>(TraceKind::kAppend) + stage);
    const auto reached =
        ReachedBefore(*peer, kind, record.lsn, record.time_ns, record.time_ns - kLongestNs);
    if (!reached) return;
    const std::string text = absl::StrCat(kNodeStageNames[stage], " ", record.lsn);
    const auto [at, fresh] = acks_.try_emplace({record.peer, record.time_ns});
    TracedMessage& ack = at->second;
    if (fresh) {
      ack.kind = TracedMessage::Kind::kAck;
      ack.node = record.peer;
      ack.peer = node_;
      ack.received_ns = record.time_ns;
      ack.sent_ns = *reached;
      ack.epoch = record.epoch;
      ack.text = text;
      return;
    }
    ack.sent_ns = std::max(ack.sent_ns, *reached);
    absl::StrAppend(&ack.text, ", ", text);
  }

  const Recording& recording_;
  const size_t node_;
  std::vector<TracedMessage> messages_;
  std::map<std::pair<uint16_t, int64_t>, TracedMessage> acks_;  // by peer and arrival
};

}  // namespace

std::vector<TracedMessage> MessagesOfNode(const Recording& recording, size_t node,
                                          TimeRange range) {
  const std::vector<TraceRecord>* trace = TraceOf(recording, node);
  if (trace == nullptr) return {};
  return NodeMessages(recording, node).Collect(*trace, range);
}

std::vector<TracedMessage> MessagesOfWrite(const KnownWrites& evidence, const Operation& write) {
  const WriteRef ref = OfOperation(evidence, write);
  std::vector<TracedMessage> messages(1);
  TracedMessage& request = messages.front();
  request.kind = TracedMessage::Kind::kRequest;
  request.node = write.node;
  request.sent_ns = write.invoked_ns;
  request.text = absl::StrCat("write ", KeyNames(write));
  const std::vector<TraceRecord>* trace = TraceOf(evidence.recording, write.node);
  if (trace == nullptr || write.lsn == 0) return messages;
  request.received_ns = ReachedAfter(*trace, TraceKind::kAppend, ref.epoch, ref.lsn,
                                     write.invoked_ns, write.completed_ns);
  const auto answered = ReachedAfter(*trace, TraceKind::kCommit, ref.epoch, ref.lsn,
                                     write.invoked_ns, write.completed_ns);
  if (!answered) return messages;
  TracedMessage answer;
  answer.kind = TracedMessage::Kind::kAnswer;
  answer.node = write.node;
  answer.sent_ns = *answered;
  answer.received_ns = write.completed_ns;
  answer.first_lsn = answer.last_lsn = write.lsn;
  answer.epoch = write.epoch;
  answer.text = absl::StrCat("committed ", write.lsn);
  messages.push_back(std::move(answer));
  return messages;
}

}  // namespace replsim
