#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>

#include "absl/strings/str_format.h"
#include "simulator/oracle/oracle.h"
#include "simulator/promise/promise.h"
#include "simulator/promise/scenario_facts.h"
#include "simulator/recording/content_epochs.h"

namespace replsim {
namespace {

// The logs with which primaries began to lead.
class InheritedLogs {
 public:
  struct Reign {
    size_t node = 0;
    int64_t begin_ns = 0;
    uint64_t after = 0;      // its own records begin after this LSN
    ContentEpochs contents;  // of the records up to there
  };

  explicit InheritedLogs(const Recording& recording) {
    for (size_t node = 0; node < recording.nodes.size(); ++node) {
      if (!recording.nodes[node].trace) continue;
      ContentEpochs contents;
      for (const TraceRecord& record : *recording.nodes[node].trace) {
        if (static_cast<TraceKind>(record.kind) == TraceKind::kLeads) {
          reigns_.try_emplace(record.epoch, Reign{node, record.time_ns, record.lsn, contents});
        }
        contents.Take(record);
      }
    }
  }

  const std::map<uint64_t, Reign>& reigns() const { return reigns_; }  // by epoch

  // The epoch that a node led last at that time; 0: none.
  uint64_t LastLed(size_t node, int64_t time_ns) const {
    uint64_t last = 0;
    for (const auto& [epoch, reign] : reigns_) {
      if (reign.node == node && reign.begin_ns <= time_ns) last = epoch;
    }
    return last;
  }

  // The epoch of the record at `lsn` in the log with which the primary of `epoch` began to lead.
  // Nothing if the recording does not say it.
  std::optional<uint64_t> EpochAt(uint64_t epoch, uint64_t lsn) const {
    for (;;) {
      // The trace names the primary that sent the record. If it began to lead after this LSN, the
      // record is one that it had inherited.
      const uint64_t sender = reigns_.at(epoch).contents.EpochAt(lsn);
      const auto reign = reigns_.find(sender);
      if (reign == reigns_.end() || sender >= epoch) return std::nullopt;
      if (lsn > reign->second.after) return sender;
      epoch = sender;
    }
  }

 private:
  std::map<uint64_t, Reign> reigns_;
};

// The epoch of the primary that acknowledged the write, which may have inherited it from the epoch
// of its position; nothing if no protected acknowledgement names one.
std::optional<uint64_t> AcknowledgedIn(const Recording& recording, const InheritedLogs& logs,
                                       const Operation& write) {
  if (write.is_write == 0 || write.outcome != proto::COMMITTED || write.unprotected != 0) {
    return std::nullopt;
  }
  if (write.has_position == 0 || write.epoch == 0 || write.node >= recording.nodes.size()) {
    return std::nullopt;
  }
  if (!recording.nodes[write.node].trace) return std::nullopt;
  return std::max<uint64_t>(write.epoch, logs.LastLed(write.node, write.completed_ns));
}

}  // namespace

std::vector<std::string> FindLossyElections(const proto::Scenario& resolved,
                                            const Recording& recording) {
  std::vector<std::string> sentences;
  if (!ElectionsKeepWrites(resolved)) return sentences;
  const InheritedLogs logs(recording);
  std::map<uint64_t, const Operation*> first_lost;  // by the epoch of the primary that lacks it
  for (const Operation& write : recording.operations) {
    const std::optional<uint64_t> acknowledged_in = AcknowledgedIn(recording, logs, write);
    if (!acknowledged_in) continue;
    for (auto later = logs.reigns().upper_bound(*acknowledged_in); later != logs.reigns().end();
         ++later) {
      const auto& [epoch, reign] = *later;
      const std::optional<uint64_t> held =
          write.lsn > reign.after ? uint64_t{0} : logs.EpochAt(epoch, write.lsn);
      if (held && *held != write.epoch) first_lost.try_emplace(epoch, &write);
    }
  }
  for (const auto& [epoch, write] : first_lost) {
    sentences.push_back(absl::StrFormat(
        "%s began to lead epoch %d without the acknowledged write %d:%d",
        recording.NodeName(logs.reigns().at(epoch).node), epoch, write->epoch, write->lsn));
  }
  return sentences;
}

}  // namespace replsim
