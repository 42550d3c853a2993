#include "simulator/analysis/staleness.h"

#include <algorithm>
#include <limits>
#include <span>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/ids.h"
#include "protos/types.pb.h"

namespace replsim {
namespace {

constexpr int64_t kNoTime = std::numeric_limits<int64_t>::max();

// An acknowledged write of one key.
struct AckedWrite {
  Position position;
  int64_t acked_ns = 0;
  int64_t gone_ns = kNoTime;  // of a lost one: when a newer epoch began
};

Position PositionOf(const Operation& operation) {
  return {Epoch(operation.epoch), Lsn(operation.lsn)};
}

// Writes in order of acknowledgement, reads in order of invocation, both answered, of one key.
struct KeyOperations {
  std::vector<AckedWrite> writes;
  std::vector<const Operation*> reads;
};

struct Missed {
  uint64_t versions = 0;
  int64_t oldest_ns = kNoTime;  // earliest acknowledgement among them
  Position newest;
};

// The writes acknowledged so far, by position; they come nearly in that order.
class AckedSoFar {
 public:
  void Add(const AckedWrite& write) {
    auto place = writes_.end();
    while (place != writes_.begin() && write.position < std::prev(place)->position) --place;
    writes_.insert(place, write);
  }
  Missed NewerThan(Position read, int64_t invoked_ns) const {
    Missed missed;
    for (auto write = writes_.rbegin(); write != writes_.rend() && read < write->position;
         ++write) {
      if (write->gone_ns <= invoked_ns) continue;
      if (missed.versions++ == 0) missed.newest = write->position;
      missed.oldest_ns = std::min(missed.oldest_ns, write->acked_ns);
    }
    return missed;
  }

 private:
  std::vector<AckedWrite> writes_;
};

void CheckKey(const Recording& recording, const Lineages& lineages, KeyOperations& key,
              StaleReads& found) {
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
    const bool on_replica = ServedByLeader(lineages, *read) == false;
    found.all.Check();
    if (on_replica) found.on_replicas.Check();
    const Missed missed = acked.NewerThan(PositionOf(*read), read->invoked_ns);
    if (missed.versions == 0) continue;
    const int64_t age = read->invoked_ns - missed.oldest_ns;
    const auto describe = [&] {
      return absl::StrFormat(
          "%s; %s was the newest acknowledged, the first it missed %.1f ms before",
          DescribeRead(recording, *read), ToString(missed.newest), static_cast<double>(age) / 1e6);
    };
    found.all.Found(read->invoked_ns, describe);
    if (on_replica) found.on_replicas.Found(read->invoked_ns, describe);
    found.invoked_ns.push_back(read->invoked_ns);
    found.staleness_ns.Add(age);
    found.versions.Add(static_cast<int64_t>(missed.versions));
  }
}

// Calls visit with the answered operations of each key, by their indices.
template <typename Visit>
void ForEachKey(const Recording& recording, const Visit& visit) {
  std::vector<uint32_t> order;
  for (size_t i = 0; i < recording.operations.size(); ++i) {
    if (recording.operations[i].outcome == proto::COMMITTED)
      order.push_back(static_cast<uint32_t>(i));
  }
  const auto key_of = [&](uint32_t i) { return recording.operations[i].key; };
  std::stable_sort(order.begin(), order.end(),
                   [&](uint32_t a, uint32_t b) { return key_of(a) < key_of(b); });
  for (size_t from = 0; from < order.size();) {
    size_t to = from;
    while (to < order.size() && key_of(order[to]) == key_of(order[from])) ++to;
    visit(std::span(order).subspan(from, to - from));
    from = to;
  }
}

}  // namespace

StaleReads FindStaleReads(const Recording& recording, const Lineages& lineages,
                          const Fates& fates) {
  StaleReads found;
  ForEachKey(recording, [&](std::span<const uint32_t> indices) {
    KeyOperations key;
    for (const uint32_t i : indices) {
      const Operation& operation = recording.operations[i];
      if (!operation.is_write) {
        key.reads.push_back(&operation);
        continue;
      }
      const bool lost = fates.of[i] == Fate::kAckedLost;
      key.writes.push_back(
          {PositionOf(operation), operation.completed_ns,
           lost ? lineages.SupersededAt(operation.epoch).value_or(kNoTime) : kNoTime});
    }
    if (!key.reads.empty()) CheckKey(recording, lineages, key, found);
  });
  return found;
}

std::optional<bool> ServedByLeader(const Lineages& lineages, const Operation& read) {
  const std::optional<size_t> leading = lineages.LeadingAt(read.completed_ns);
  if (!leading) return std::nullopt;
  return lineages.leaderships()[*leading].node == read.node;
}

std::string DescribeRead(const Recording& recording, const Operation& read) {
  const std::string saw = read.lsn == 0 ? "nothing" : ToString(PositionOf(read));
  return absl::StrFormat(
      "client %d read %s on %s at %.3f s and saw %s", read.client, KeyName(read.key),
      recording.NodeName(read.node),
      static_cast<double>(read.invoked_ns - recording.manifest.load_begin_ns()) / 1e9, saw);
}

}  // namespace replsim
