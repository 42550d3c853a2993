#include "simulator/analysis/availability.h"

#include <algorithm>
#include <limits>

#include "protos/types.pb.h"
#include "simulator/analysis/node_faults.h"

namespace replsim {
namespace {

using proto::RunEvent;

double Millis(int64_t ns) { return static_cast<double>(ns) / 1e6; }

std::optional<int64_t> FirstCommitOfEpochsAbove(const Recording& recording, uint64_t epoch) {
  std::optional<int64_t> first;
  for (const Operation& operation : recording.operations) {
    if (!operation.is_write || operation.outcome != proto::COMMITTED) continue;
    if (operation.epoch <= epoch) continue;
    if (!first || operation.completed_ns < *first) first = operation.completed_ns;
  }
  return first;
}

// First event of this kind in [from, to].
const RunEvent* FindEvent(const Recording& recording, RunEvent::Kind kind, int64_t from,
                          int64_t to) {
  for (const RunEvent& event : recording.events) {
    if (event.kind() == kind && event.time_ns() >= from && event.time_ns() <= to) return &event;
  }
  return nullptr;
}

void MeasureFailover(const Recording& recording, const Leadership& old, const Leadership& next,
                     proto::RunReport::Availability& out) {
  constexpr int64_t kEnd = std::numeric_limits<int64_t>::max();
  const RunEvent* began =
      FindEvent(recording, RunEvent::PROMOTE_BEGIN, old.begin_ns, next.begin_ns);
  // One that leads again may be said to be back in the same instant.
  const int64_t until = began != nullptr ? began->time_ns() : next.begin_ns - 1;
  const std::optional<int64_t> lost = AwaySince(recording, recording.nodes[old.node].id, until);
  if (!lost) return;
  out.set_failovers(out.failovers() + 1);
  const std::optional<int64_t> first_write = FirstCommitOfEpochsAbove(recording, old.epoch);
  if (!first_write || *first_write < *lost) return;
  const double rto = Millis(*first_write - *lost);
  if (out.has_rto_ms() && out.rto_ms() >= rto) return;
  out.set_rto_ms(rto);
  out.clear_detect_ms();
  out.clear_promote_ms();
  out.clear_first_write_ms();
  if (began == nullptr) return;  // restarted in its old role: there was nothing to promote
  out.set_detect_ms(Millis(began->time_ns() - *lost));
  const RunEvent* done = FindEvent(recording, RunEvent::PROMOTED, began->time_ns(), kEnd);
  if (done == nullptr) return;
  out.set_promote_ms(Millis(done->time_ns() - began->time_ns()));
  // The new primary may answer before the supervisor has learned that it is one.
  out.set_first_write_ms(Millis(std::max<int64_t>(*first_write - done->time_ns(), 0)));
}

// The longest time in the load without a committed write, its ends included.
std::optional<double> LongestGap(const Recording& recording) {
  const int64_t begin = recording.manifest.load_begin_ns();
  const int64_t end = recording.manifest.load_end_ns();
  if (end <= begin) return std::nullopt;
  std::vector<int64_t> times{begin, end};
  for (const Operation& operation : recording.operations) {
    if (!operation.is_write || operation.outcome != proto::COMMITTED) continue;
    if (operation.completed_ns > begin && operation.completed_ns < end) {
      times.push_back(operation.completed_ns);
    }
  }
  std::sort(times.begin(), times.end());
  int64_t longest = 0;
  for (size_t i = 1; i < times.size(); ++i) longest = std::max(longest, times[i] - times[i - 1]);
  return Millis(longest);
}

std::optional<double> StartUp(const Recording& recording) {
  const int64_t begin = recording.manifest.begin_ns();
  if (begin == 0) return std::nullopt;
  for (const Operation& operation : recording.operations) {
    if (!operation.is_write || operation.outcome != proto::COMMITTED) continue;
    return Millis(operation.completed_ns - begin);
  }
  return std::nullopt;
}

void MeasureLoss(const Recording& recording, const Fates& fates,
                 proto::RunReport::Availability& out) {
  if (!fates.writes.has_acked_lost()) return;
  out.set_rpo_writes(fates.writes.acked_lost());
  const Operation* first = nullptr;
  for (size_t i = 0; i < recording.operations.size(); ++i) {
    if (fates.of[i] != Fate::kAckedLost) continue;
    const Operation& lost = recording.operations[i];
    if (first == nullptr || lost.completed_ns < first->completed_ns) first = &lost;
  }
  if (first == nullptr) return;
  const RunEvent* loss = LossAfter(recording, *first);
  if (loss == nullptr) return;
  out.set_rpo_ms(Millis(std::max<int64_t>(loss->time_ns() - first->completed_ns, 0)));
}

}  // namespace

proto::RunReport::Availability MeasureAvailability(const Recording& recording,
                                                   const Lineages& lineages, const Fates& fates) {
  proto::RunReport::Availability out;
  const std::vector<Leadership>& leaderships = lineages.leaderships();
  if (!leaderships.empty()) out.set_failovers(0);
  for (size_t i = 1; i < leaderships.size(); ++i) {
    MeasureFailover(recording, leaderships[i - 1], leaderships[i], out);
  }
  const std::optional<double> gap = LongestGap(recording);
  if (gap) out.set_unavailable_ms(*gap);
  if (const std::optional<double> start = StartUp(recording)) out.set_start_ms(*start);
  MeasureLoss(recording, fates, out);
  return out;
}

}  // namespace replsim
