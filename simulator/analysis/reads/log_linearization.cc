#include "simulator/analysis/reads/log_linearization.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/base/ids.h"
#include "protos/types.pb.h"
#include "simulator/analysis/reads/key_versions.h"

namespace replsim {
namespace {

// The begin or the end of an acknowledged operation.
struct Moment {
  int64_t time_ns = 0;
  bool is_begin = false;
  size_t operation = 0;  // index in the recording
};

// Each operation takes effect as early as possible: a write at its position, a read after the write
// that it saw and after every operation that had ended before the read began.
class Placement {
 public:
  Placement(const Recording& recording, const FinalLog& final_log)
      : recording_(recording), final_log_(final_log), versions_(recording, final_log) {
    for (const Operation& operation : recording.operations) {
      if (operation.is_write == 0 || operation.outcome != proto::COMMITTED) continue;
      written_[{operation.epoch, operation.lsn}] = {operation.client, operation.sequence};
    }
  }

  bool Succeeds() {
    // A write that is in the log twice has no single instant.
    for (const LogEntry& entry : final_log_.entries()) {
      if (entry.key != kNoKey && final_log_.IsRepetition(entry)) return false;
    }
    std::vector<Moment> moments;
    for (size_t i = 0; i < recording_.operations.size(); ++i) {
      const Operation& operation = recording_.operations[i];
      if (operation.outcome == proto::COMMITTED) {
        if (operation.has_position == 0) return false;
        moments.push_back({operation.completed_ns, false, i});
      } else if (!PositionOf(operation)) {
        continue;  // it did not happen
      }
      moments.push_back({operation.invoked_ns, true, i});
    }
    // At one instant, operations of different clients overlap.
    std::stable_sort(moments.begin(), moments.end(), [](const Moment& a, const Moment& b) {
      return a.time_ns != b.time_ns ? a.time_ns < b.time_ns : a.is_begin > b.is_begin;
    });
    places_.resize(recording_.operations.size());
    return std::all_of(moments.begin(), moments.end(), [this](const Moment& moment) {
      if (moment.is_begin) return Place(moment.operation);
      ended_ = std::max(ended_, places_[moment.operation]);
      return true;
    });
  }

 private:
  // Of a write without an acknowledgement: its position in the final log.
  std::optional<Position> PositionOf(const Operation& operation) const {
    if (operation.outcome == proto::COMMITTED) return operation.position();
    if (operation.is_write == 0) return std::nullopt;
    const LogEntry* entry = final_log_.Find(operation.client, operation.sequence);
    if (entry == nullptr) return std::nullopt;
    return Position{Epoch(entry->epoch), Lsn(entry->lsn)};
  }

  // The value that was written at this position. Absent if no operation is known to be there.
  std::optional<WrittenValue> WrittenAt(Position position) const {
    if (position == Position()) return WrittenValue();
    const LogEntry* entry = final_log_.At(position.epoch.value(), position.lsn.value());
    if (entry != nullptr) return WrittenValue{entry->client, entry->sequence};
    const auto it = written_.find({position.epoch.value(), position.lsn.value()});
    return it == written_.end() ? std::nullopt : std::optional(it->second);
  }

  // Returns whether the operation fits after what had ended before it.
  bool Place(size_t index) {
    const Operation& operation = recording_.operations[index];
    const Position at = *PositionOf(operation);
    const Position before = std::max(ended_, EndedOf(operation));
    places_[index] = std::max(at, before);
    if (operation.outcome == proto::COMMITTED) open_[operation.client].push_back(index);
    if (operation.is_write != 0) return before < at;
    return operation.value() == WrittenAt(at) &&
           places_[index] < versions_.NextOf(operation.key, at);
  }

  // The latest place among the client's own earlier operations that have ended, also at this
  // instant.
  Position EndedOf(const Operation& operation) {
    std::vector<size_t>& open = open_[operation.client];
    Position latest;
    std::erase_if(open, [&](size_t other) {
      const Operation& earlier = recording_.operations[other];
      const bool is_over =
          earlier.completed_ns <= operation.invoked_ns && earlier.sequence < operation.sequence;
      if (is_over) latest = std::max(latest, places_[other]);
      return is_over;
    });
    return latest;
  }

  const Recording& recording_;
  const FinalLog& final_log_;
  const KeyVersions versions_;
  // Acknowledged writes, by epoch and LSN; never iterated.
  absl::flat_hash_map<std::pair<uint64_t, uint64_t>, WrittenValue> written_;
  absl::flat_hash_map<uint32_t, std::vector<size_t>> open_;  // by client; never iterated
  std::vector<Position> places_;                             // by operation
  Position ended_;  // the latest place of an operation that has ended
};

}  // namespace

bool TookEffectInLogOrder(const Recording& recording, const FinalLog& final_log) {
  return final_log.known() && Placement(recording, final_log).Succeeds();
}

}  // namespace replsim
