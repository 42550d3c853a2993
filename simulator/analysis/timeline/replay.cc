#include "simulator/analysis/timeline/replay.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "simulator/analysis/evidence/event_text.h"
#include "simulator/analysis/evidence/stages.h"
#include "simulator/analysis/evidence/tenures.h"
#include "simulator/analysis/timeline/messages.h"

namespace replsim {
namespace {

// The longest range around the focus with at most `records_max` records and operations.
TimeRange ChooseRange(const Recording& recording, int64_t focus_ns, size_t records_max) {
  const TimeRange whole{recording.manifest.load_begin_ns(), recording.manifest.end_ns()};
  std::vector<int64_t> distances;
  const auto add = [&](int64_t time_ns) {
    if (whole.begin_ns <= time_ns && time_ns <= whole.end_ns)
      distances.push_back(std::abs(time_ns - focus_ns));
  };
  for (const NodeRecording& node : recording.nodes) {
    if (!node.trace) continue;
    for (const TraceRecord& record : *node.trace) add(record.time_ns);
  }
  for (const Operation& operation : recording.operations) add(operation.completed_ns);
  if (distances.size() <= records_max) return whole;
  const auto limit = distances.begin() + static_cast<std::ptrdiff_t>(records_max);
  std::nth_element(distances.begin(), limit, distances.end());
  return {std::max(whole.begin_ns, focus_ns - *limit), std::min(whole.end_ns, focus_ns + *limit)};
}

// Numbers texts in the order of their first use.
class TextList {
 public:
  uint32_t Index(std::string text, google::protobuf::RepeatedPtrField<std::string>& list) {
    const auto [at, fresh] = index_.try_emplace(std::move(text), list.size());
    if (fresh) *list.Add() = at->first;
    return static_cast<uint32_t>(at->second);
  }

 private:
  std::map<std::string, int> index_;
};

uint32_t KindOf(Fate fate) {
  if (fate == Fate::kAckedSurvived) return 1;
  return fate == Fate::kAckedLost ? 2 : 0;
}

constexpr size_t kWritesBefore = 64;  // the most records of a log that a picture shows

class ReplayBuilder {
 public:
  ReplayBuilder(const KnownWrites& evidence, const Window& focus, TimeRange range)
      : evidence_(evidence), recording_(evidence.recording), focus_(focus), range_(range) {}

  proto::Replay Build(const proto::LeadLanes& lanes) {
    out_.set_why(focus_.why);
    out_.set_begin_ms(static_cast<double>(range_.begin_ns - recording_.manifest.load_begin_ns()) /
                      1e6);
    out_.set_length_us(Micros(range_.end_ns));
    out_.set_focus_us(Micros(focus_.focus_ns));
    out_.set_whole(range_.begin_ns == recording_.manifest.load_begin_ns() &&
                   range_.end_ns == recording_.manifest.end_ns());
    AddNodes();
    AddWrites();
    AddMessages();
    AddLineages();
    AddFaults();
    AddMarks(lanes);
    return std::move(out_);
  }

 private:
  int32_t Micros(int64_t time_ns) const {
    const double us = static_cast<double>(time_ns - range_.begin_ns) / 1e3;
    return static_cast<int32_t>(std::clamp(us + (us < 0 ? -0.5 : 0.5), -9e8, 2e9));
  }
  int32_t MicrosOr(const std::optional<int64_t>& time_ns) const {
    return time_ns ? Micros(*time_ns) : kNeverUs;
  }

  void AddNodes() {
    for (size_t i = 0; i < recording_.voter_count(); ++i) {
      const NodeRecording& node = recording_.voter(i);
      proto::Replay::Node& added = *out_.add_nodes();
      added.set_id(node.id);
      added.set_witness(i >= recording_.nodes.size());
      if (added.witness() || !node.trace) continue;
      for (size_t stage = 0; stage < kNodeStages; ++stage) {
        AddStage(StageSteps(*node.trace, stage), *added.add_stages());
      }
    }
    for (const Tenure& tenure : FindTenures(recording_, evidence_.leadership_history, faults_)) {
      if (tenure.begin_ns > range_.end_ns || tenure.end_ns < range_.begin_ns) continue;
      proto::Replay::Lead& lead = *out_.mutable_nodes(static_cast<int>(tenure.node))->add_leads();
      lead.set_begin_us(Micros(std::max(tenure.begin_ns, range_.begin_ns)));
      lead.set_end_us(Micros(std::min(tenure.end_ns, range_.end_ns)));
      lead.set_epoch(static_cast<uint32_t>(tenure.epoch));
    }
  }

  // The position at the beginning of the window, and all later ones.
  void AddStage(const StepFunction<StagePosition>& steps, proto::Replay::Stage& stage) const {
    const auto add = [&](int64_t time_ns, const StagePosition& position) {
      stage.add_at_us(Micros(time_ns));
      stage.add_epoch(static_cast<uint32_t>(position.epoch));
      stage.add_lsn(static_cast<uint32_t>(position.lsn));
    };
    if (const StagePosition* at = steps.At(range_.begin_ns)) add(range_.begin_ns, *at);
    for (const auto& point : steps.points()) {
      if (point.time > range_.begin_ns && point.time <= range_.end_ns) add(point.time, point.value);
    }
  }

  // The writes of the window, and the last ones before it, whose records the logs still show.
  void ChooseWrites() {
    size_t before = 0;
    for (size_t i = recording_.operations.size(); i-- > 0;) {
      const Operation& operation = recording_.operations[i];
      if (!operation.is_write || operation.invoked_ns > range_.end_ns) continue;
      if (operation.completed_ns < range_.begin_ns && ++before > kWritesBefore) break;
      shown_.push_back(i);
    }
    std::sort(shown_.begin(), shown_.end(), [&](size_t a, size_t b) {
      return std::pair(recording_.operations[a].invoked_ns, a) <
             std::pair(recording_.operations[b].invoked_ns, b);
    });
  }

  void AddWrites() {
    ChooseWrites();
    proto::Replay::Writes& writes = *out_.mutable_writes();
    TextList answers;
    TextList fates;
    for (size_t i = 0; i < shown_.size(); ++i) {
      const Operation& write = recording_.operations[shown_[i]];
      const WriteRef ref = OfOperation(evidence_, write);
      if (focus_.write && focus_.write->operation == &write) {
        out_.set_focus_write(static_cast<uint32_t>(i));
      }
      writes.add_client(write.client);
      writes.add_keys(KeyNames(write));
      writes.add_begin_us(Micros(write.invoked_ns));
      writes.add_end_us(Micros(write.completed_ns));
      // A write whose client knows no position may be in the final log.
      const bool unknown = ref.lsn == 0 && ref.entry != nullptr;
      writes.add_epoch(static_cast<uint32_t>(unknown ? ref.entry->epoch : ref.epoch));
      writes.add_lsn(static_cast<uint32_t>(unknown ? ref.entry->lsn : ref.lsn));
      writes.add_answer(answers.Index(AnswerText(write), *writes.mutable_answers()));
      const Fate fate =
          evidence_.fates.of.empty() ? Fate::kUndecided : evidence_.fates.of[shown_[i]];
      const uint32_t of = fates.Index(Name(fate), *writes.mutable_fates());
      if (of == static_cast<uint32_t>(writes.fate_kinds_size())) {
        writes.add_fate_kinds(KindOf(fate));
      }
      writes.add_fate(of);
      writes.add_node(write.node);
    }
  }

  void AddMessages() {
    struct Sent {
      TracedMessage message;
      size_t write = 0;  // of a request or an answer
    };
    std::vector<Sent> sent;
    for (size_t node = 0; node < recording_.nodes.size(); ++node) {
      for (TracedMessage& message : MessagesOfNode(recording_, node, range_)) {
        sent.push_back({std::move(message), 0});
      }
    }
    for (size_t i = 0; i < shown_.size(); ++i) {
      const Operation& write = recording_.operations[shown_[i]];
      if (write.node >= recording_.nodes.size()) continue;
      for (TracedMessage& message : MessagesOfWrite(evidence_, write)) {
        sent.push_back({std::move(message), i});
      }
    }
    std::stable_sort(sent.begin(), sent.end(), [](const Sent& a, const Sent& b) {
      return a.message.sent_ns < b.message.sent_ns;
    });
    proto::Replay::Messages& messages = *out_.mutable_messages();
    for (Sent& each : sent) {
      const bool of_client = each.message.kind == TracedMessage::Kind::kRequest ||
                             each.message.kind == TracedMessage::Kind::kAnswer;
      messages.add_kind(static_cast<uint32_t>(each.message.kind));
      messages.add_node(static_cast<uint32_t>(each.message.node));
      messages.add_peer(static_cast<uint32_t>(of_client ? each.write : each.message.peer));
      messages.add_sent_us(Micros(each.message.sent_ns));
      messages.add_received_us(MicrosOr(each.message.received_ns));
      messages.add_epoch(static_cast<uint32_t>(each.message.epoch));
      messages.add_first_lsn(static_cast<uint32_t>(each.message.first_lsn));
      messages.add_last_lsn(static_cast<uint32_t>(each.message.last_lsn));
      messages.add_text(std::move(each.message.text));
    }
  }

  void AddLineages() {
    const std::vector<Leadership>& all = evidence_.leadership_history.leaderships();
    for (const Leadership& leadership : all) {
      std::vector<const Leadership*> chain = {&leadership};
      while (chain.back()->parent) chain.push_back(&all[*chain.back()->parent]);
      proto::Replay::Lineage& lineage = *out_.add_lineages();
      lineage.set_epoch(static_cast<uint32_t>(leadership.epoch));
      for (auto part = chain.rbegin(); part != chain.rend(); ++part) {
        lineage.add_of(static_cast<uint32_t>((*part)->epoch));
        lineage.add_first_lsn(static_cast<uint32_t>((*part)->after_lsn + 1));
      }
    }
  }

  std::optional<uint32_t> IndexOf(const std::string& id) const {
    for (int i = 0; i < out_.nodes_size(); ++i) {
      if (out_.nodes(i).id() == id) return static_cast<uint32_t>(i);
    }
    return std::nullopt;
  }

  void AddFaults() {
    for (const FaultInterval& interval : faults_) {
      const int64_t end = interval.EndOr(recording_.manifest.end_ns());
      const std::optional<uint32_t> node = IndexOf(interval.node);
      if (!node || interval.begin_ns > range_.end_ns || end < range_.begin_ns) continue;
      proto::Replay::Fault& fault = *out_.add_faults();
      fault.set_node(*node);
      if (const auto peer = IndexOf(interval.peer)) fault.set_peer(*peer);
      fault.set_what(interval.what);
      fault.set_begin_us(Micros(interval.begin_ns));
      fault.set_end_us(Micros(end));
      fault.set_down(interval.kind == Condition::kDown || interval.kind == Condition::kPaused);
      fault.set_cut(interval.kind == Condition::kCut);
    }
  }

  void AddMark(int64_t time_ns, std::string text, std::optional<uint32_t> node) {
    if (time_ns < range_.begin_ns || time_ns > range_.end_ns) return;
    proto::Replay::Mark& mark = marks_.emplace_back();
    mark.set_at_us(Micros(time_ns));
    mark.set_text(std::move(text));
    if (node) mark.set_node(*node);
  }

  void AddMarks(const proto::LeadLanes& lanes) {
    for (const proto::RunEvent& event : recording_.events) {
      AddMark(event.time_ns(), EventText(event), IndexOf(event.node()));
    }
    for (const proto::LeadLanes::Lane& lane : lanes.lanes()) {
      for (const proto::LeadLanes::Mark& mark : lane.marks()) {
        AddMark(recording_.manifest.load_begin_ns() + static_cast<int64_t>(mark.time_s() * 1e9),
                absl::StrCat(lane.node(), " ", mark.text()), IndexOf(lane.node()));
      }
    }
    std::stable_sort(marks_.begin(), marks_.end(),
                     [](const auto& a, const auto& b) { return a.at_us() < b.at_us(); });
    for (proto::Replay::Mark& mark : marks_) *out_.add_marks() = std::move(mark);
  }

  const KnownWrites& evidence_;
  const Recording& recording_;
  const Window& focus_;
  const TimeRange range_;
  const std::vector<FaultInterval> faults_ = FindFaultIntervals(recording_);
  std::vector<size_t> shown_;  // indices of the writes of the window, in the order of invocation
  std::vector<proto::Replay::Mark> marks_;
  proto::Replay out_;
};

}  // namespace

proto::Replay BuildReplay(const KnownWrites& evidence, const Window& focus,
                          const proto::LeadLanes& lanes, size_t records_max) {
  const TimeRange range = ChooseRange(evidence.recording, focus.focus_ns, records_max);
  return ReplayBuilder(evidence, focus, range).Build(lanes);
}

}  // namespace replsim
