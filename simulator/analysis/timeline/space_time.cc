#include "simulator/analysis/timeline/space_time.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/time.h"
#include "protos/types.pb.h"
#include "simulator/analysis/timeline/messages.h"
#include "simulator/metrics/stage_names.h"

namespace replsim {
namespace {

constexpr size_t kMessagesMax = 90;  // more would be unreadable
constexpr size_t kClientsMax = 4;

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

  Message& Add(const TracedMessage& traced, size_t from, size_t to) {
    Message& message = messages_.emplace_back();
    message.set_kind(static_cast<Message::Kind>(traced.kind));
    message.set_from(static_cast<uint32_t>(from));
    message.set_to(static_cast<uint32_t>(to));
    message.set_sent_ms(Millis(traced.sent_ns));
    if (traced.received_ns) message.set_received_ms(Millis(*traced.received_ns));
    message.set_text(traced.text);
    return message;
  }
  void AddPoint(size_t lane, int64_t time_ns, std::string text, bool focus) {
    proto::SpaceTime::Point& point = *out_.add_points();
    point.set_lane(static_cast<uint32_t>(lane));
    point.set_at_ms(Millis(time_ns));
    point.set_text(std::move(text));
    point.set_focus(focus);
  }

  void OfNode(size_t node) {
    if (!recording_.nodes[node].trace) return;
    for (const TracedMessage& message :
         MessagesOfNode(recording_, node, {window_.from_ns, window_.to_ns})) {
      Message& added = Add(message, message.node, message.peer);
      added.set_focus(message.kind == TracedMessage::Kind::kBatch && Carries(message));
    }
    if (!window_.write) return;
    const std::vector<TraceRecord>& trace = *recording_.nodes[node].trace;
    AddGate(node, trace);
    AddStages(node, trace);
  }

  // When the node's gate first reached the window's write.
  void AddGate(size_t node, const std::vector<TraceRecord>& trace) {
    for (const TraceRecord& record : trace) {
      if (static_cast<TraceKind>(record.kind) != TraceKind::kCommit) continue;
      if (!InWindow(record.time_ns) || record.lsn < window_.write->lsn) continue;
      if (record.epoch != window_.write->epoch) continue;
      AddPoint(node, record.time_ns, "gate reached", true);
      return;
    }
  }

  bool Carries(const TracedMessage& batch) const {
    return window_.write && batch.epoch == window_.write->epoch &&
           batch.first_lsn <= window_.write->lsn && window_.write->lsn <= batch.last_lsn;
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
    for (const TracedMessage& message : MessagesOfWrite(evidence_, write)) {
      if (!InWindow(message.sent_ns)) continue;
      const bool request = message.kind == TracedMessage::Kind::kRequest;
      Add(message, request ? lane : write.node, request ? write.node : lane).set_focus(focus);
    }
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

proto::SpaceTime BuildSpaceTime(const KnownWrites& evidence, const proto::Timeline& faults,
                                const Window& window) {
  return Builder(evidence, faults, window).Build();
}

}  // namespace replsim
