#include "simulator/analysis/timeline/space_time.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/time.h"
#include "protos/types.pb.h"
#include "simulator/analysis/availability/outage_table.h"
#include "simulator/analysis/evidence/stages.h"
#include "simulator/metrics/stage_names.h"

namespace replsim {
namespace {

constexpr size_t kMessagesMax = 90;  // more would be unreadable
constexpr size_t kClientsMax = 4;
constexpr int64_t kWidthMinNs = 40'000'000;
constexpr int64_t kWidthMaxNs = 400'000'000;

struct Window {
  std::string why;
  int64_t from_ns = 0;
  int64_t to_ns = 0;
  int64_t focus_ns = 0;
  std::optional<WriteRef> write;
};

std::optional<Window> AroundWrite(const KnownWrites& evidence, const char* which, std::string why) {
  const absl::StatusOr<WriteRef> write = FindWrite(evidence, which);
  if (!write.ok() || write->operation == nullptr) return std::nullopt;
  const Operation& operation = *write->operation;
  int64_t end = operation.completed_ns;
  if (absl::string_view(which) == "lost") {
    const OutageTable outages(evidence.recording, evidence.leadership_history);
    end = std::max(end, outages.losses.LossOf(operation).at_ns.value_or(end));
  }
  const int64_t length = std::clamp(end - operation.invoked_ns, kWidthMinNs, kWidthMaxNs);
  // A write that waited longer than the widest window is shown at the end of its wait.
  const int64_t from = std::max(operation.invoked_ns, end - length);
  return Window{std::move(why), from - length / 4, from + length / 2 + (end - from), from, *write};
}

std::optional<Window> AroundFirstFault(const Recording& recording, const proto::Timeline& faults) {
  if (faults.faults().empty()) return std::nullopt;
  const auto first =
      std::min_element(faults.faults().begin(), faults.faults().end(),
                       [](const auto& a, const auto& b) { return a.begin_s() < b.begin_s(); });
  const int64_t at =
      recording.manifest.load_begin_ns() + static_cast<int64_t>(first->begin_s() * 1e9);
  return Window{absl::StrCat("around the first fault: ", first->on(0), " ", first->what()),
                at - kWidthMaxNs / 8, at + kWidthMaxNs / 8, at, std::nullopt};
}

std::optional<Window> ChooseWindow(const KnownWrites& evidence, const proto::Timeline& faults) {
  if (evidence.fates.first_lost)
    return AroundWrite(evidence, "lost", "the first write that was acknowledged and lost");
  if (auto window = AroundFirstFault(evidence.recording, faults)) return window;
  return AroundWrite(evidence, "slowest", "the slowest committed write");
}

// When a stage first reached `lsn` within [from_ns, until_ns].
std::optional<int64_t> ReachedAfter(const std::vector<TraceRecord>& trace, TraceKind kind,
                                    uint64_t lsn, int64_t from_ns, int64_t until_ns) {
  auto record =
      std::lower_bound(trace.begin(), trace.end(), from_ns,
                       [](const TraceRecord& r, int64_t time) { return r.time_ns < time; });
  for (; record != trace.end() && record->time_ns <= until_ns; ++record) {
    if (static_cast<TraceKind>(record->kind) == kind && record->lsn >= lsn) return record->time_ns;
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

// The text of an event that is shown as a point on its node's lane; null if it is not shown. The
// other node of a link follows.
const char* WhatOf(proto::RunEvent::Kind kind) {
  switch (kind) {
    case proto::RunEvent::PROMOTED:
      return "promoted";
    case proto::RunEvent::ELECTED:
      return "elected";
    case proto::RunEvent::STEPPED_DOWN:
      return "stepped down";
    case proto::RunEvent::LINK_PARTITIONED:
      return "partitioned from ";
    case proto::RunEvent::LINK_HEALED:
      return "link healed to ";
    default:
      return nullptr;
  }
}

class Builder {
 public:
  Builder(const KnownWrites& evidence, const proto::Timeline& faults, Window window)
      : evidence_(evidence),
        recording_(evidence.recording),
        faults_(faults),
        window_(std::move(window)) {}

  proto::SpaceTime Build() {
    out_.set_why(window_.why);
    if (window_.write) out_.set_focus_lsn(window_.write->lsn);
    for (const NodeRecording& node : recording_.nodes) out_.add_lanes()->set_name(node.id);
    for (size_t node = 0; node < recording_.nodes.size(); ++node) OfNode(node);
    OfClients();
    KeepTheNearest();
    out_.set_begin_ms(Millis(window_.from_ns));
    out_.set_end_ms(Millis(window_.to_ns));
    AddDowns();
    AddEvents();
    return std::move(out_);
  }

 private:
  using Message = proto::SpaceTime::Message;

  double Millis(int64_t time_ns) const {
    return MillisFrom(time_ns - recording_.manifest.load_begin_ns());
  }
  bool InWindow(int64_t time_ns) const {
    return time_ns >= window_.from_ns && time_ns <= window_.to_ns;
  }

  Message& Add(Message::Kind kind, size_t from, size_t to, int64_t sent_ns, std::string text) {
    Message& message = messages_.emplace_back();
    message.set_kind(kind);
    message.set_from(static_cast<uint32_t>(from));
    message.set_to(static_cast<uint32_t>(to));
    message.set_sent_ms(Millis(sent_ns));
    message.set_text(std::move(text));
    return message;
  }
  void AddPoint(size_t lane, int64_t time_ns, std::string text, bool focus) {
    proto::SpaceTime::Point& point = *out_.add_points();
    point.set_lane(static_cast<uint32_t>(lane));
    point.set_at_ms(Millis(time_ns));
    point.set_text(std::move(text));
    point.set_focus(focus);
  }

  const std::vector<TraceRecord>* TraceOf(size_t node) const {
    const bool known = node < recording_.nodes.size() && recording_.nodes[node].trace;
    return known ? &*recording_.nodes[node].trace : nullptr;
  }

  void OfNode(size_t node) {
    const std::vector<TraceRecord>* trace = TraceOf(node);
    if (trace == nullptr) return;
    std::map<uint16_t, uint64_t> sent;                     // last LSN sent, by peer
    std::map<std::pair<uint16_t, int64_t>, Message> acks;  // one per peer and instant
    bool first_gate = true;
    for (const TraceRecord& record : *trace) {
      if (record.time_ns > window_.to_ns) break;
      const auto kind = static_cast<TraceKind>(record.kind);
      const uint64_t before =
          kind == TraceKind::kSend ? std::exchange(sent[record.peer], record.lsn) : 0;
      if (!InWindow(record.time_ns)) continue;
      if (kind == TraceKind::kSend) {
        AddBatch(node, record, before);
      } else if (kind >= TraceKind::kPeerReceive && kind <= TraceKind::kPeerApply) {
        AddAck(node, record, acks);
      } else if (kind == TraceKind::kCommit && window_.write && first_gate &&
                 record.lsn >= window_.write->lsn && record.epoch == window_.write->epoch) {
        AddPoint(node, record.time_ns, "gate reached", true);
        first_gate = false;
      }
    }
    for (auto& [key, ack] : acks) messages_.push_back(std::move(ack));
    if (window_.write) AddStages(node, *trace);
  }

  // Whether the batch of LSNs (before, to] of the leader of `epoch` contains the window's write.
  bool Carries(uint64_t before, uint64_t to, uint64_t epoch) const {
    return window_.write && epoch == window_.write->epoch && before < window_.write->lsn &&
           window_.write->lsn <= to;
  }

  void AddBatch(size_t node, const TraceRecord& record, uint64_t before) {
    const std::string range = record.lsn <= before + 1 ? absl::StrCat(record.lsn)
                                                       : absl::StrCat(before + 1, "…", record.lsn);
    Message& batch = Add(Message::BATCH, node, record.peer, record.time_ns, range);
    batch.set_focus(Carries(before, record.lsn, record.epoch));
    const std::vector<TraceRecord>* peer = TraceOf(record.peer);
    if (peer == nullptr) return;
    const auto received = ReachedAfter(*peer, TraceKind::kAppend, record.lsn, record.time_ns,
                                       record.time_ns + 4 * kWidthMaxNs);
    if (received) batch.set_received_ms(Millis(*received));
  }

  // Adds an acknowledgement. It was sent no earlier than the stage's advance that it reports.
  void AddAck(size_t node, const TraceRecord& record,
              std::map<std::pair<uint16_t, int64_t>, Message>& acks) {
    const std::vector<TraceRecord>* peer = TraceOf(record.peer);
    if (peer == nullptr) return;
    const size_t stage = record.kind - static_cast<size_t>(TraceKind::kPeerReceive);
    const auto kind = static_cast<TraceKind>(static_cast<size_t>(TraceKind::kAppend) + stage);
    const auto reached =
        ReachedBefore(*peer, kind, record.lsn, record.time_ns, record.time_ns - 4 * kWidthMaxNs);
    if (!reached) return;
    const std::string text = absl::StrCat(kNodeStageNames[stage], " ", record.lsn);
    const auto [at, fresh] = acks.try_emplace({record.peer, record.time_ns});
    Message& ack = at->second;
    if (fresh) {
      ack.set_kind(Message::ACK);
      ack.set_from(record.peer);
      ack.set_to(static_cast<uint32_t>(node));
      ack.set_received_ms(Millis(record.time_ns));
      ack.set_sent_ms(Millis(*reached));
      ack.set_text(text);
      return;
    }
    ack.set_sent_ms(std::max(ack.sent_ms(), Millis(*reached)));
    ack.set_text(absl::StrCat(ack.text(), ", ", text));
  }

  void AddStages(size_t node, const std::vector<TraceRecord>& trace) {
    for (size_t stage = 0; stage < kNodeStages; ++stage) {
      const auto kind = static_cast<TraceKind>(static_cast<size_t>(TraceKind::kAppend) + stage);
      for (const TraceRecord& record : trace) {
        if (record.time_ns > window_.to_ns) break;
        if (static_cast<TraceKind>(record.kind) != kind || record.lsn < window_.write->lsn)
          continue;
        if (record.epoch != window_.write->epoch || !InWindow(record.time_ns)) break;
        const bool append = stage == kReceiveStage && node == window_.write->operation->node;
        AddPoint(node, record.time_ns, append ? "append" : kNodeStageNames[stage], true);
        break;
      }
    }
  }

  // Adds lanes for clients: that of the window's write first, then those answered nearest to the
  // focus.
  void OfClients() {
    std::vector<const Operation*> writes;
    for (const Operation& operation : recording_.operations) {
      if (!operation.is_write || operation.node >= recording_.nodes.size()) continue;
      if (operation.completed_ns < window_.from_ns || operation.invoked_ns > window_.to_ns)
        continue;
      writes.push_back(&operation);
    }
    const Operation* focus = window_.write ? window_.write->operation : nullptr;
    std::stable_sort(writes.begin(), writes.end(), [&](const Operation* a, const Operation* b) {
      const auto distance = [&](const Operation* o) {
        return o == focus ? -1 : std::abs(o->completed_ns - window_.focus_ns);
      };
      return distance(a) < distance(b);
    });
    std::map<uint32_t, size_t> lanes;
    for (const Operation* write : writes) {
      const auto [lane, fresh] = lanes.try_emplace(write->client, 0);
      if (fresh && lanes.size() > kClientsMax) {
        lanes.erase(lane);
        continue;
      }
      if (fresh) {
        lane->second = static_cast<size_t>(out_.lanes_size());
        proto::SpaceTime::Lane& added = *out_.add_lanes();
        added.set_name(absl::StrCat("client ", write->client));
        added.set_client(true);
      }
      OfClient(*write, lane->second, write == focus);
    }
  }

  void OfClient(const Operation& write, size_t lane, bool focus) {
    const WriteRef ref = OfOperation(evidence_, write);
    std::optional<int64_t> appended;
    std::optional<int64_t> answered;
    if (const std::vector<TraceRecord>* trace = TraceOf(write.node); trace && write.lsn > 0) {
      appended =
          ReachedAfter(*trace, TraceKind::kAppend, ref.lsn, write.invoked_ns, write.completed_ns);
      answered =
          ReachedAfter(*trace, TraceKind::kCommit, ref.lsn, write.invoked_ns, write.completed_ns);
    }
    if (InWindow(write.invoked_ns)) {
      Message& request = Add(Message::REQUEST, lane, write.node, write.invoked_ns,
                             absl::StrCat("write ", KeyNames(write)));
      if (appended) request.set_received_ms(Millis(*appended));
      request.set_focus(focus);
    }
    if (!answered || !InWindow(*answered)) return;
    Message& answer =
        Add(Message::ANSWER, write.node, lane, *answered, absl::StrCat("committed ", write.lsn));
    answer.set_received_ms(Millis(write.completed_ns));
    answer.set_focus(focus);
  }

  // Keeps the messages nearest to the focus, and narrows the window to them.
  void KeepTheNearest() {
    const double focus = Millis(window_.focus_ns);
    const auto distance = [&](const Message& message) {
      return message.focus() ? -1 : std::abs(message.sent_ms() - focus);
    };
    std::stable_sort(messages_.begin(), messages_.end(),
                     [&](const Message& a, const Message& b) { return distance(a) < distance(b); });
    if (messages_.size() > kMessagesMax) {
      out_.set_left_out(messages_.size() - kMessagesMax);
      messages_.resize(kMessagesMax);
    }
    std::stable_sort(messages_.begin(), messages_.end(),
                     [](const Message& a, const Message& b) { return a.sent_ms() < b.sent_ms(); });
    if (out_.left_out() > 0) DrawIn();
    for (Message& message : messages_) *out_.add_messages() = std::move(message);
  }

  void DrawIn() {
    double first = messages_.front().sent_ms();
    double last = first;
    for (const Message& message : messages_) {
      last = std::max({last, message.sent_ms(), message.received_ms()});
    }
    const double pad = (last - first) / 50;
    const auto nanos = [&](double ms) {
      return recording_.manifest.load_begin_ns() + static_cast<int64_t>(ms * 1e6);
    };
    window_.from_ns = std::max(window_.from_ns, nanos(first - pad));
    window_.to_ns = std::min(window_.to_ns, nanos(last + pad));
  }

  void AddDowns() {
    for (const proto::Timeline::Fault& fault : faults_.faults()) {
      if (!fault.down()) continue;
      const double begin = fault.begin_s() * 1e3;
      const double end = fault.has_end_s() ? fault.end_s() * 1e3 : faults_.end_s() * 1e3;
      if (begin > out_.end_ms() || end < out_.begin_ms()) continue;
      for (proto::SpaceTime::Lane& lane : *out_.mutable_lanes()) {
        if (lane.name() != fault.on(0)) continue;
        proto::SpaceTime::Down& down = *lane.add_down();
        down.set_begin_ms(std::max(begin, out_.begin_ms()));
        down.set_end_ms(std::min(end, out_.end_ms()));
        down.set_what(fault.what());
      }
    }
  }

  void AddEvents() {
    for (const proto::RunEvent& event : recording_.events) {
      const std::optional<size_t> node = recording_.NodeIndex(event.node());
      const char* what = WhatOf(event.kind());
      if (!node || what == nullptr || !InWindow(event.time_ns())) continue;
      AddPoint(*node, event.time_ns(), absl::StrCat(what, event.peer()), false);
    }
  }

  const KnownWrites& evidence_;
  const Recording& recording_;
  const proto::Timeline& faults_;
  Window window_;
  proto::SpaceTime out_;
  std::vector<Message> messages_;
};

}  // namespace

proto::SpaceTime BuildSpaceTime(const KnownWrites& evidence, const proto::Timeline& faults) {
  std::optional<Window> window = ChooseWindow(evidence, faults);
  if (!window) return {};
  return Builder(evidence, faults, *std::move(window)).Build();
}

}  // namespace replsim
