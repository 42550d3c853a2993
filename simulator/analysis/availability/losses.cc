#include "simulator/analysis/availability/losses.h"

#include <algorithm>
#include <limits>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/time.h"

namespace replsim {
std::string Losses::NodeOf(size_t leadership) const {
  return recording_.NodeName(lineages_.leaderships()[leadership].node);
}

Losses::Blame Losses::BlameFor(const Operation& lost) const {
  Blame blame;
  blame.loser = lineages_.IndexOf(lost.epoch);
  if (!blame.loser) return blame;
  for (const LeadershipChange& change : changes_) {
    if (lineages_.leaderships()[change.new_index].epoch <= lost.epoch) continue;
    if (lineages_.CommonLsn(lost.epoch, lost.lsn, change.new_index) < lost.lsn) {
      blame.loser = std::max(*blame.loser, change.old_index);
      blame.to = &change;
      return blame;
    }
    blame.loser = change.new_index;
  }
  return blame;
}

std::optional<int64_t> Losses::Fenced(size_t node, int64_t from_ns, int64_t to_ns) const {
  const auto& trace = recording_.nodes[node].trace;
  if (!trace) return std::nullopt;
  for (const TraceRecord& record : *trace) {
    const auto kind = static_cast<TraceKind>(record.kind);
    if (kind != TraceKind::kFenced && kind != TraceKind::kStepsDown) continue;
    if (record.time_ns >= from_ns && record.time_ns <= to_ns) return record.time_ns;
  }
  return std::nullopt;
}

std::optional<int64_t> Losses::FirstOf(Condition kind, size_t node, int64_t from_ns,
                                       int64_t to_ns) const {
  std::optional<int64_t> first;
  for (const FaultInterval& fault : faults_) {
    if (fault.kind != kind || fault.node != recording_.NodeName(node)) continue;
    if (fault.begin_ns < from_ns || fault.begin_ns > to_ns) continue;
    first = std::min(first.value_or(fault.begin_ns), fault.begin_ns);
  }
  return first;
}

std::optional<int64_t> Losses::FirstStop(size_t leadership, int64_t from_ns, int64_t to_ns) const {
  const size_t node = lineages_.leaderships()[leadership].node;
  std::optional<int64_t> first = FirstOf(Condition::kDown, node, from_ns, to_ns);
  const auto take = [&](int64_t time_ns) {
    if (time_ns < from_ns || time_ns > to_ns) return;
    first = std::min(first.value_or(time_ns), time_ns);
  };
  if (const auto paused = FirstOf(Condition::kPaused, node, from_ns, to_ns)) take(*paused);
  if (const auto fenced = Fenced(node, from_ns, to_ns)) take(*fenced);
  for (const LeadershipChange& change : changes_) {
    if (change.old_index == leadership && change.stopped_ns) take(*change.stopped_ns);
  }
  return first;
}

std::string Losses::TextOf(const LeadershipChange& change) const {
  const std::string next = NodeOf(change.new_index);
  if (change.promoted) return absl::StrCat("when the promotion of ", next, " began");
  return absl::StrCat("when ", next, change.elected ? " was elected" : " began to lead");
}

Loss Losses::LossOf(const Operation& lost) const {
  const Blame blame = BlameFor(lost);
  if (!blame.loser) {
    const auto died = FirstOf(Condition::kDown, lost.node, lost.invoked_ns, kNeverNs);
    if (!died) return {std::nullopt, "when the run ended"};
    return {died, absl::StrCat("when ", recording_.NodeName(lost.node), " died")};
  }
  const std::string loser = NodeOf(*blame.loser);
  const int64_t replaced = blame.to == nullptr ? kNeverNs : blame.to->begin_ns;
  if (replaced >= lost.invoked_ns) {
    const size_t node = lineages_.leaderships()[*blame.loser].node;
    if (const auto died = FirstOf(Condition::kDown, node, lost.invoked_ns, replaced)) {
      return {died, absl::StrCat("when ", loser, " died")};
    }
    if (blame.to == nullptr) return {std::nullopt, "when the run ended"};
    return {replaced, TextOf(*blame.to)};
  }
  const auto seconds = [this](int64_t time_ns) {
    return static_cast<double>(time_ns - recording_.manifest.load_begin_ns()) / 1e9;
  };
  Loss loss{lost.completed_ns,
            absl::StrFormat(
                "when %s acknowledged it, although %s had %s at %.3f s", loser,
                NodeOf(blame.to->new_index),
                blame.to->elected && !blame.to->promoted ? "stood for election" : "been promoted",
                seconds(replaced))};
  if (const auto stopped = FirstStop(*blame.loser, lost.invoked_ns, kNeverNs)) {
    absl::StrAppendFormat(&loss.when, "; %s led on until %.3f s", loser, seconds(*stopped));
  }
  return loss;
}

std::optional<int64_t> Losses::RpoNs(const std::vector<const Operation*>& lost) const {
  struct Span {
    const Operation* first = nullptr;
    const Operation* last = nullptr;
    const LeadershipChange* to = nullptr;
  };
  std::map<size_t, Span> spans;  // by losing leadership
  for (const Operation* operation : lost) {
    const Blame blame = BlameFor(*operation);
    if (!blame.loser) continue;
    Span& span = spans[*blame.loser];
    span.to = blame.to;
    if (!span.first || operation->completed_ns < span.first->completed_ns) span.first = operation;
    if (!span.last || operation->completed_ns > span.last->completed_ns) span.last = operation;
  }
  std::optional<int64_t> longest;
  for (const auto& [loser, span] : spans) {
    const int64_t replaced = span.to == nullptr ? kNeverNs : span.to->begin_ns;
    int64_t end = span.last->completed_ns;
    if (replaced >= span.last->invoked_ns) {
      const auto stop = FirstStop(loser, span.last->invoked_ns, replaced);
      if (stop || span.to != nullptr) end = std::max(end, stop.value_or(replaced));
    }
    int64_t length = end - span.first->completed_ns;
    if (length == 0) length = end - span.first->invoked_ns;
    if (length > 0) longest = std::max(longest.value_or(0), length);
  }
  return longest;
}

}  // namespace replsim
