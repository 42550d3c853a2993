#include "simulator/calibrate/node_samples.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "protos/types.pb.h"
#include "simulator/calibrate/stage_times.h"

namespace replsim {
namespace {

bool Blocks(const proto::Scenario& scenario) {
  return scenario.cluster().durability().io() == proto::IO_BLOCKING;
}

// A flush that begins as soon as there is something to flush and the disk is free.
bool FlushesAtOnce(const proto::Durability& durability) {
  return durability.io() != proto::IO_BLOCKING && durability.group_delay().ns() == 0 &&
         (durability.sync() == proto::EVERY_BATCH || durability.sync() == proto::EVERY_WRITE);
}

// The flushes of one node in order of time, each with the time at which the loop acted on its end.
struct Flush {
  uint64_t lsn = 0;  // the last record that it covers
  int64_t took_ns = 0;
  int64_t end_ns = 0;
  std::optional<int64_t> acted_ns;
};
std::vector<Flush> FlushesOf(const std::vector<TraceRecord>& trace) {
  const StageTimes acted(trace, TraceKind::kFlush);
  std::vector<Flush> flushes;
  for (const TraceRecord& record : trace) {
    if (record.kind != static_cast<uint8_t>(TraceKind::kFlushEnd)) continue;
    Flush flush{record.lsn, static_cast<int64_t>(record.bytes), record.time_ns, std::nullopt};
    const auto step = acted.Reached(record.lsn);
    if (step && step->time_ns >= record.time_ns) flush.acted_ns = step->time_ns;
    flushes.push_back(flush);
  }
  return flushes;
}

void AddFlushes(const std::vector<TraceRecord>& trace, bool at_once, const CalmPart& part,
                int64_t wake_ns, std::vector<DelaySample>* samples) {
  const StageTimes appended(trace, TraceKind::kAppend);
  uint64_t flushed = 0;
  int64_t free_ns = 0;
  for (const Flush& flush : FlushesOf(trace)) {
    const auto first = appended.Reached(flushed + 1);
    const int64_t begin = std::max(free_ns, first ? first->time_ns : flush.end_ns);
    const bool known = flush.acted_ns && first && flush.lsn > flushed;
    flushed = std::max(flushed, flush.lsn);
    free_ns = flush.end_ns;
    if (!part.Holds(flush.end_ns - flush.took_ns, flush.end_ns)) continue;
    if (!at_once) {
      samples->push_back({flush.took_ns});
    } else if (known && part.Holds(begin, *flush.acted_ns)) {
      samples->push_back({std::max<int64_t>(*flush.acted_ns - wake_ns - begin, 0)});
    }
  }
}

// The answers of one commit, in the order of the log.
using Answers = std::map<uint64_t, const Operation*>;

std::map<int64_t, Answers> AnswersByCommit(const Recording& recording, const CalmPart& part) {
  const StageTimes committed(*recording.nodes[0].trace, TraceKind::kCommit);
  std::map<int64_t, Answers> by_commit;
  for (const Operation& operation : recording.operations) {
    if (operation.is_write == 0 || operation.outcome != proto::COMMITTED) continue;
    const auto commit = committed.Reached(operation.lsn);
    if (!commit || !part.Holds(commit->time_ns, operation.completed_ns)) continue;
    by_commit[commit->time_ns][operation.lsn] = &operation;
  }
  return by_commit;
}

}  // namespace

std::vector<DelaySample> WakeSamples(const Recording& recording, const proto::Scenario& scenario,
                                     const CalmPart& part) {
  std::vector<DelaySample> samples;
  if (Blocks(scenario)) return samples;
  for (const NodeRecording& node : recording.nodes) {
    for (const Flush& flush : FlushesOf(*node.trace)) {
      if (!flush.acted_ns || !part.Holds(flush.end_ns, *flush.acted_ns)) continue;
      samples.push_back({*flush.acted_ns - flush.end_ns});
    }
  }
  return samples;
}

std::vector<DelaySample> FlushSamples(const Recording& recording, const proto::Scenario& scenario,
                                      const CalmPart& part, bool leader, int64_t wake_ns) {
  const bool at_once = FlushesAtOnce(scenario.cluster().durability());
  std::vector<DelaySample> samples;
  for (size_t i = 0; i < recording.nodes.size(); ++i) {
    if ((i == 0) == leader) {
      AddFlushes(*recording.nodes[i].trace, at_once, part, wake_ns, &samples);
    }
  }
  return samples;
}

std::vector<DelaySample> WriteSamples(const Recording& recording, const proto::Scenario& scenario) {
  std::vector<DelaySample> samples;
  if (Blocks(scenario)) return samples;
  constexpr uint64_t kOneTurn = 100'000;  // common/node/node_io.cc records such a turn by itself
  size_t short_turns = 0;
  uint64_t short_ns = 0;
  for (const NodeRecording& node : recording.nodes) {
    size_t appends = 0;  // since the last record of short turns
    for (const TraceRecord& record : *node.trace) {
      if (record.kind == static_cast<uint8_t>(TraceKind::kAppend)) ++appends;
      if (record.kind != static_cast<uint8_t>(TraceKind::kLoopStall)) continue;
      if (record.epoch >= kOneTurn) {
        samples.push_back({static_cast<int64_t>(record.bytes)});
        appends -= std::min<size_t>(appends, 1);
      } else {
        short_turns += std::exchange(appends, 0);
        short_ns += record.bytes;
      }
    }
  }
  if (short_turns > 0) {
    const auto mean = static_cast<int64_t>(short_ns / short_turns);
    samples.insert(samples.end(), short_turns, DelaySample{mean});
  }
  return samples;
}

std::optional<WorkEstimate> EstimateWork(const Recording& recording, const CalmPart& part) {
  std::vector<DelaySample> samples[2];
  int64_t last = 0;  // arrival of the previous answers
  for (const auto& [commit_ns, answers] : AnswersByCommit(recording, part)) {
    if (answers.size() < 2) continue;
    size_t index = 0;
    for (const auto& [lsn, operation] : answers) {
      if (index == 2) break;
      const bool held = operation->completed_ns <= last;
      last = std::max(last, operation->completed_ns);
      samples[index++].push_back({operation->completed_ns - commit_ns, held});
    }
  }
  constexpr size_t kFewest = 100;
  if (samples[0].size() < kFewest) return std::nullopt;
  const size_t count = samples[0].size();
  const MeasuredDelay first(std::move(samples[0]));
  const MeasuredDelay second(std::move(samples[1]));
  const int64_t work = second.Quantile(0.5) - first.Quantile(0.5);
  // Standard error of a median: about 0.93 times the interquartile range divided by the square root
  // of the count.
  const auto spread = static_cast<double>(first.Quantile(0.75) - first.Quantile(0.25));
  const double error = 0.93 * spread * std::sqrt(2.0 / static_cast<double>(count));
  if (work <= 0 || error > static_cast<double>(work) / 2) return std::nullopt;
  return WorkEstimate{work, count};
}

}  // namespace replsim
