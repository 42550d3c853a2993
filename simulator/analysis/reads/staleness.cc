#include "simulator/analysis/reads/staleness.h"

#include <algorithm>
#include <limits>
#include <span>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/ids.h"
#include "common/base/time.h"
#include "protos/types.pb.h"

namespace replsim {
namespace {

// An acknowledged write of one key.
struct AckedWrite {
  Position position;
  int64_t acked_ns = 0;
  int64_t gone_ns = kNeverNs;  // of a lost write: when a newer epoch began
  bool lost = false;
  uint32_t client = 0;
  uint64_t sequence = 0;
};

// The acknowledged writes and answered reads of one key, in order of acknowledgement and
// invocation.
struct KeyOperations {
  std::vector<AckedWrite> writes;
  std::vector<const Operation*> reads;
};

// The acknowledged writes that a read did not see.
struct Missed {
  uint64_t versions = 0;
  int64_t oldest_ns = kNeverNs;  // earliest acknowledgement among them
  Position newest;
  bool lost = false;  // a missed write is lost, including those excused by a newer epoch

  // Adds `write`, which is newer than what `read` saw.
  void Take(const AckedWrite& write, const Operation& read) {
    lost |= write.lost;
    // A lost write need not be visible to other clients in a newer epoch. The client that received
    // its acknowledgement still misses it.
    if (write.gone_ns <= read.invoked_ns && write.client != read.client) return;
    ++versions;
    newest = std::max(newest, write.position);
    oldest_ns = std::min(oldest_ns, write.acked_ns);
  }
};

// The writes acknowledged so far, sorted by position. They arrive nearly in that order.
class AckedSoFar {
 public:
  void Add(const AckedWrite& write) {
    auto place = writes_.end();
    while (place != writes_.begin() && write.position < std::prev(place)->position) --place;
    writes_.insert(place, write);
  }
  Missed MissedBy(const Operation& read) const {
    Missed missed;
    const Position saw = read.position();
    for (auto write = writes_.rbegin(); write != writes_.rend() && saw < write->position; ++write) {
      missed.Take(*write, read);
    }
    return missed;
  }

 private:
  std::vector<AckedWrite> writes_;
};

// Adds the client's own writes that were acknowledged at the instant at which the read began. Equal
// instants are concurrent between clients, but within one client the order of its operations
// decides. `from`: the first write that was not acknowledged earlier.
void AddOwnOfThatInstant(const std::vector<AckedWrite>& writes, size_t from, const Operation& read,
                         Missed& missed) {
  for (size_t i = from; i < writes.size() && writes[i].acked_ns == read.invoked_ns; ++i) {
    const AckedWrite& write = writes[i];
    const bool own = write.client == read.client && write.sequence < read.sequence;
    if (own && read.position() < write.position) missed.Take(write, read);
  }
}

void CheckKey(const Recording& recording, const LeadershipHistory& leadership_history,
              KeyOperations& key, StaleReads& found) {
  std::stable_sort(
      key.writes.begin(), key.writes.end(),
      [](const AckedWrite& a, const AckedWrite& b) { return a.acked_ns < b.acked_ns; });
  std::stable_sort(key.reads.begin(), key.reads.end(), [](const Operation* a, const Operation* b) {
    return a->invoked_ns < b->invoked_ns;
  });
  AckedSoFar acked;
  size_t next = 0;
  for (const Operation* read : key.reads) {
    while (next < key.writes.size() && key.writes[next].acked_ns < read->invoked_ns) {
      acked.Add(key.writes[next++]);
    }
    const bool on_replica = ServedByLeader(leadership_history, *read) == false;
    found.all.Check();
    if (on_replica) found.on_replicas.Check();
    found.missing_lost.Check();
    Missed missed = acked.MissedBy(*read);
    AddOwnOfThatInstant(key.writes, next, *read, missed);
    if (missed.lost) {
      found.missing_lost.Found(read->invoked_ns, [&] { return DescribeRead(recording, *read); });
    }
    if (missed.versions == 0) continue;
    const int64_t age = read->invoked_ns - missed.oldest_ns;
    const auto describe = [&] {
      return absl::StrFormat(
          "%s; the newest acknowledged write was %s, the first missed one was acknowledged %.1f ms "
          "before",
          DescribeRead(recording, *read), ToString(missed.newest), MillisFrom(age));
    };
    found.all.Found(read->invoked_ns, describe);
    if (on_replica) found.on_replicas.Found(read->invoked_ns, describe);
    found.invoked_ns.push_back(read->invoked_ns);
    found.reads.push_back(read);
    found.staleness_ns.Add(age);
    found.versions.Add(static_cast<int64_t>(missed.versions));
  }
}

// An acknowledged operation on one of its keys.
struct KeyUse {
  uint32_t key = 0;
  uint32_t operation = 0;  // index in the recording
};

// Calls visit(uses) with the acknowledged operations of each key.
template <typename Visit>
void ForEachKey(const Recording& recording, const Visit& visit) {
  std::vector<KeyUse> order;
  for (size_t i = 0; i < recording.operations.size(); ++i) {
    const Operation& operation = recording.operations[i];
    if (operation.outcome != proto::COMMITTED) continue;
    for (uint32_t key = 0; key < operation.key_count(); ++key) {
      order.push_back({operation.key + key, static_cast<uint32_t>(i)});
    }
  }
  std::stable_sort(order.begin(), order.end(),
                   [](const KeyUse& a, const KeyUse& b) { return a.key < b.key; });
  for (size_t from = 0; from < order.size();) {
    size_t to = from;
    while (to < order.size() && order[to].key == order[from].key) ++to;
    visit(std::span(order).subspan(from, to - from));
    from = to;
  }
}

}  // namespace

StaleReads FindStaleReads(const Recording& recording, const LeadershipHistory& leadership_history,
                          const Fates& fates) {
  StaleReads found;
  ForEachKey(recording, [&](std::span<const KeyUse> uses) {
    KeyOperations key;
    for (const auto [number, i] : uses) {
      const Operation& operation = recording.operations[i];
      if (!operation.is_write) {
        key.reads.push_back(&operation);
        continue;
      }
      if (!operation.is_change()) continue;
      const bool lost = fates.of[i] == Fate::kAckedLost;
      key.writes.push_back(
          {operation.position(), operation.completed_ns,
           lost ? leadership_history.SupersededAt(operation.epoch).value_or(kNeverNs) : kNeverNs,
           lost, operation.client, operation.sequence});
    }
    if (!key.reads.empty()) CheckKey(recording, leadership_history, key, found);
  });
  return found;
}

std::optional<bool> ServedByLeader(const LeadershipHistory& leadership_history,
                                   const Operation& read) {
  const std::optional<size_t> leading = leadership_history.LeadingAt(read.completed_ns);
  if (!leading) return std::nullopt;
  return leadership_history.leaderships()[*leading].node == read.node;
}

std::string DescribeRead(const Recording& recording, const Operation& read) {
  const std::optional<WrittenValue> value = read.value();
  std::string saw = read.lsn == 0 ? "nothing" : ToString(read.position());
  if (value && !value->empty()) {
    saw = read.lsn == 0 ? ToString(*value) : absl::StrCat(saw, " (", ToString(*value), ")");
  }
  return absl::StrFormat(
      "client %d read %s on %s at %.3f s and saw %s", read.client, KeyName(read.key),
      recording.NodeName(read.node),
      static_cast<double>(read.invoked_ns - recording.manifest.load_begin_ns()) / 1e9, saw);
}

}  // namespace replsim
