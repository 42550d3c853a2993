#include "simulator/analysis/writes/write_life.h"

#include <algorithm>
#include <array>
#include <set>

#include "absl/strings/str_cat.h"
#include "protos/types.pb.h"
#include "simulator/analysis/evidence/event_text.h"
#include "simulator/analysis/evidence/stages.h"

namespace replsim {
namespace {

constexpr std::array<const char*, kNodeStages> kLearnedNames = {"received", "written", "flushed",
                                                                "applied"};

class Gatherer {
 public:
  Gatherer(const Recording& recording, const LeadershipHistory& leadership_history,
           const WriteRef& write)
      : recording_(recording),
        lineages_(leadership_history),
        write_(write),
        line_(leadership_history.IndexOf(write.epoch)) {
    if (line_) leader_ = leadership_history.leaderships()[*line_].node;
  }

  std::vector<Moment> Gather() {
    for (size_t node = 0; node < recording_.nodes.size(); ++node) {
      if (!recording_.nodes[node].trace) continue;
      OfNode(node);
      EndOnNode(node);
    }
    if (leader_ && recording_.nodes[*leader_].trace) OfLeader(*recording_.nodes[*leader_].trace);
    if (write_.operation != nullptr) OfClient(*write_.operation);
    OfCluster();
    std::stable_sort(moments_.begin(), moments_.end(),
                     [](const Moment& a, const Moment& b) { return a.time_ns < b.time_ns; });
    return std::move(moments_);
  }

 private:
  // Whether a log that ends at epoch:lsn contains the write.
  bool Holds(uint64_t epoch, uint64_t lsn) const {
    if (lsn < write_.lsn) return false;
    return line_ ? lineages_.CommonLsn(epoch, lsn, *line_) >= write_.lsn : epoch == write_.epoch;
  }

  void OfNode(size_t node) {
    for (size_t stage = 0; stage < kNodeStages; ++stage) {
      const StepFunction<StagePosition> steps = StageSteps(*recording_.nodes[node].trace, stage);
      for (const auto& point : steps.points()) {
        if (!Holds(point.value.epoch, point.value.lsn)) continue;
        const bool append = leader_ == node && stage == kReceiveStage;
        moments_.push_back({point.time, append ? Moment::Kind::kAppend : Moment::Kind::kStage,
                            absl::StrCat(recording_.NodeName(node), " ",
                                         append ? "append" : kNodeStageNames[stage]),
                            node, kNoNodeIndex, stage});
        break;
      }
    }
  }

  // When the node's log first ceased to hold the write.
  void EndOnNode(size_t node) {
    const std::vector<TraceRecord>& trace = *recording_.nodes[node].trace;
    const StepFunction<StagePosition> steps = StageSteps(trace, kReceiveStage);
    bool held = false;
    for (const auto& point : steps.points()) {
      const bool holds = Holds(point.value.epoch, point.value.lsn);
      if (held && !holds) {
        const bool cut = std::any_of(trace.begin(), trace.end(), [&](const TraceRecord& record) {
          return record.time_ns == point.time &&
                 static_cast<TraceKind>(record.kind) == TraceKind::kTruncated;
        });
        const char* const how = cut ? " truncated it" : " started without it";
        moments_.push_back(
            {point.time, Moment::Kind::kGone, absl::StrCat(recording_.NodeName(node), how), node});
        return;
      }
      held = held || holds;
    }
  }

  // Adds what the primary sent, learned and decided, each when it first covers the write.
  void OfLeader(const std::vector<TraceRecord>& trace) {
    std::set<std::pair<uint8_t, uint16_t>> seen;
    bool leads = false;
    for (const TraceRecord& record : trace) {
      const auto kind = static_cast<TraceKind>(record.kind);
      if (kind == TraceKind::kLeads) leads = record.epoch == write_.epoch;
      if (!leads || record.lsn < write_.lsn) continue;
      if (kind < TraceKind::kCommit || kind > TraceKind::kPeerApply) continue;
      if (!seen.emplace(record.kind, record.peer).second) continue;
      const std::string& self = recording_.nodes[*leader_].id;
      const std::string peer = recording_.NodeName(record.peer);
      if (kind == TraceKind::kCommit) {
        moments_.push_back(
            {record.time_ns, Moment::Kind::kGate, absl::StrCat(self, " gate reached"), *leader_});
      } else if (kind == TraceKind::kSend) {
        moments_.push_back({record.time_ns, Moment::Kind::kSend,
                            absl::StrCat(self, " sent it to ", peer), *leader_, record.peer});
      } else {
        const size_t stage = record.kind - static_cast<size_t>(TraceKind::kPeerReceive);
        moments_.push_back(
            {record.time_ns, Moment::Kind::kLearned,
             absl::StrCat(self, " learned that ", peer, " had ", kLearnedNames[stage], " it"),
             *leader_, record.peer, stage});
      }
    }
  }

  void OfClient(const Operation& operation) {
    const std::string client = absl::StrCat("client ", operation.client);
    moments_.push_back(
        {operation.invoked_ns, Moment::Kind::kInvoke, absl::StrCat(client, " sent the write")});
    if (operation.ticket_ns != 0) {
      moments_.push_back(
          {operation.ticket_ns, Moment::Kind::kTicket, absl::StrCat(client, " received a ticket")});
    }
    moments_.push_back({operation.completed_ns, Moment::Kind::kAnswer,
                        absl::StrCat(client, " was answered: ", AnswerText(operation))});
  }

  void OfCluster() {
    if (moments_.empty()) return;
    const auto [first, last] =
        std::minmax_element(moments_.begin(), moments_.end(),
                            [](const Moment& a, const Moment& b) { return a.time_ns < b.time_ns; });
    const int64_t begin = first->time_ns;
    const int64_t end = last->time_ns;
    for (const proto::RunEvent& event : recording_.events) {
      if (event.time_ns() < begin || event.time_ns() > end) continue;
      moments_.push_back(
          {event.time_ns(), Moment::Kind::kEvent, absl::StrCat("— ", EventText(event))});
    }
  }

  const Recording& recording_;
  const LeadershipHistory& lineages_;
  const WriteRef& write_;
  std::optional<size_t> line_;    // index of the leadership that wrote it
  std::optional<size_t> leader_;  // index of that leadership's node
  std::vector<Moment> moments_;
};

}  // namespace

std::vector<Moment> LifeOf(const Recording& recording, const LeadershipHistory& leadership_history,
                           const WriteRef& write) {
  return Gatherer(recording, leadership_history, write).Gather();
}

}  // namespace replsim
