#include "simulator/calibrate/hop_samples.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "protos/types.pb.h"
#include "simulator/calibrate/stage_times.h"
#include "simulator/calibrate/turn_events.h"

namespace replsim {
namespace {

// Messages that one read of a socket returns are handled in sequence, on a busy machine with other
// work in between. This limit is much shorter than the time between messages below saturation.
constexpr int64_t kTogether = 200'000;

void Append(std::vector<DelaySample> from, std::vector<DelaySample>* to) {
  to->insert(to->end(), from.begin(), from.end());
}

class HopReader {
 public:
  HopReader(const Recording& recording, const proto::Scenario& scenario, const CalmPart& part,
            const NodeCosts& costs)
      : recording_(recording),
        scenario_(scenario),
        part_(part),
        costs_(costs),
        primary_(*recording.nodes[0].trace),
        appended_(primary_, TraceKind::kAppend),
        flushed_(primary_, TraceKind::kFlush),
        events_(primary_, /*leads=*/true) {}

  std::vector<DelaySample> Requests() const {
    const auto added = ClientDelay("client", recording_.nodes[0].id);
    if (!added) return {};
    std::vector<Passage> passages;
    std::map<uint32_t, int64_t> ended;  // per client: end of its previous operation
    const bool one_at_a_time = scenario_.workload().style() == proto::BLOCKING;
    for (const Operation& operation : recording_.operations) {
      int64_t due = operation.intended_ns;
      if (one_at_a_time) {
        int64_t& before = ended[operation.client];
        due = std::max(due, std::exchange(before, operation.completed_ns));
      }
      if (!IsPlainWrite(operation)) continue;
      const auto arrived = appended_.Reached(operation.lsn);
      if (!arrived || !part_.Holds(due, arrived->time_ns)) continue;
      passages.push_back({due + *added, arrived->time_ns, costs_.wake_ns});
    }
    return SamplesOf(std::move(passages), kTogether);
  }

  std::vector<DelaySample> Answers() const {
    const auto added = ClientDelay(recording_.nodes[0].id, "client");
    if (!added) return {};
    const StageTimes committed(primary_, TraceKind::kCommit);
    std::map<uint64_t, const Operation*> by_lsn;
    for (const Operation& operation : recording_.operations) {
      if (IsPlainWrite(operation)) by_lsn[operation.lsn] = &operation;
    }
    std::vector<Passage> passages;
    int64_t turn = 0;  // commit of the previous answer
    int64_t rank = 0;  // among the answers of one commit
    for (const auto& [lsn, operation] : by_lsn) {
      const auto commit = committed.Reached(lsn);
      if (!commit || !part_.Holds(commit->time_ns, operation->completed_ns)) continue;
      rank = commit->time_ns == turn ? rank + 1 : 0;
      turn = commit->time_ns;
      const int64_t work = (events_.At(turn) + 1 + rank) * costs_.work_ns;
      passages.push_back({turn + *added + work + WriteIn(turn), operation->completed_ns, 0});
    }
    return SamplesOf(std::move(passages), kTogether);
  }

  std::vector<DelaySample> Records() const {
    std::vector<DelaySample> samples;
    for (size_t i = 1; i < recording_.nodes.size(); ++i) Append(RecordsTo(i), &samples);
    return samples;
  }

  std::vector<DelaySample> Acks() const {
    std::vector<DelaySample> samples;
    const auto stage = AcknowledgedStage();
    if (!stage) return samples;
    for (size_t i = 1; i < recording_.nodes.size(); ++i) {
      const auto added = AddedDelay(scenario_, recording_.nodes[i].id, recording_.nodes[0].id);
      if (!added) continue;
      const StageTimes own(*recording_.nodes[i].trace, stage->first);
      const TurnEvents events(*recording_.nodes[i].trace, /*leads=*/false);
      const StageTimes told(primary_, stage->second, static_cast<uint16_t>(i));
      std::vector<Passage> passages;
      for (const StageTimes::Step& step : own.steps()) {
        const auto heard = told.Reached(step.lsn);
        if (!heard || !part_.Holds(step.time_ns, heard->time_ns)) continue;
        passages.push_back({step.time_ns + *added + (events.At(step.time_ns) + 1) * costs_.work_ns,
                            heard->time_ns, costs_.wake_ns});
      }
      Append(SamplesOf(std::move(passages), kTogether), &samples);
    }
    return samples;
  }

 private:
  std::optional<int64_t> ClientDelay(absl::string_view from, absl::string_view to) const {
    return HasClientGroups(scenario_) ? std::nullopt : AddedDelay(scenario_, from, to);
  }

  static bool IsPlainWrite(const Operation& operation) {
    return operation.is_write != 0 && operation.outcome == proto::COMMITTED &&
           operation.attempts <= 1 && operation.ticket_ns == 0;
  }

  // The cost of a turn that appends, before its messages leave. With sync: every-write the log
  // device pays it.
  int64_t WriteCost() const {
    return scenario_.cluster().durability().sync() == proto::EVERY_WRITE ? 0 : costs_.write_ns;
  }
  // The same cost for a turn that commits: it also appends if the answer waits for no flush.
  int64_t WriteIn(int64_t turn_ns) const {
    const proto::AckStage ack_after = scenario_.replication().ack_after();
    const bool at_once = ack_after == proto::APPEND || ack_after == proto::WRITE;
    return at_once || appended_.AdvancesAt(turn_ns) ? WriteCost() : 0;
  }

  std::vector<DelaySample> RecordsTo(size_t replica) const {
    const auto added = AddedDelay(scenario_, recording_.nodes[0].id, recording_.nodes[replica].id);
    if (!added) return {};
    const StageTimes sent(primary_, TraceKind::kSend, static_cast<uint16_t>(replica));
    const StageTimes received(*recording_.nodes[replica].trace, TraceKind::kAppend);
    std::vector<Passage> passages;
    for (const StageTimes::Step& step : sent.steps()) {
      const auto arrived = received.Reached(step.lsn);
      const auto appended = appended_.Reached(step.lsn);
      if (!arrived || !part_.Holds(step.time_ns, arrived->time_ns)) continue;
      // Usually the primary sends in the turn that appends, and its work in between is part of the
      // delay. A send after the flush, or before the append, is timed by itself.
      const auto flushed = flushed_.Reached(step.lsn);
      const bool in_append = appended && appended->time_ns <= step.time_ns &&
                             !(flushed && flushed->time_ns <= step.time_ns);
      const int64_t begin = in_append ? appended->time_ns : step.time_ns;
      const int64_t messages = events_.At(begin) + static_cast<int64_t>(replica);
      const int64_t costs = messages * costs_.work_ns + (in_append ? WriteCost() : 0);
      passages.push_back({begin + *added + costs, arrived->time_ns, costs_.wake_ns});
    }
    return SamplesOf(std::move(passages), kTogether);
  }

  // The stage that replicas acknowledge at once, which is the one that the client's answer waits
  // for: its trace kind on the replica and on the primary.
  std::optional<std::pair<TraceKind, TraceKind>> AcknowledgedStage() const {
    switch (scenario_.replication().ack_after()) {
      case proto::REPLICA_RECEIVE:
        return std::pair(TraceKind::kAppend, TraceKind::kPeerReceive);
      case proto::REPLICA_WRITE:
        return std::pair(TraceKind::kWrite, TraceKind::kPeerWrite);
      case proto::REPLICA_FLUSH:
        return std::pair(TraceKind::kFlush, TraceKind::kPeerFlush);
      case proto::REPLICA_APPLY:
        return std::pair(TraceKind::kApply, TraceKind::kPeerApply);
      default:
        return std::nullopt;
    }
  }

  const Recording& recording_;
  const proto::Scenario& scenario_;
  const CalmPart part_;
  const NodeCosts costs_;
  const std::vector<TraceRecord>& primary_;
  const StageTimes appended_;
  const StageTimes flushed_;
  const TurnEvents events_;  // of the primary
};

}  // namespace

HopSamples HopSamplesOf(const Recording& recording, const proto::Scenario& scenario,
                        const CalmPart& part, const NodeCosts& costs) {
  const HopReader reader(recording, scenario, part, costs);
  return {reader.Requests(), reader.Answers(), reader.Records(), reader.Acks()};
}

}  // namespace replsim
