// When and by what acknowledged writes were lost.
//
// A lost write is blamed on the first leadership of a newer epoch whose log lacks it; the
// leadership before that one lost it (it need not be the one that acknowledged it). Where no
// leadership lacks it, the last one lost it; where none is known at all, the node that answered.
//
// The RPO in ms of a losing leadership, over the writes that it lost, runs
//   from  the first lost acknowledgement (when its client had it)
//   to    the last lost acknowledgement, or the first instant at which the leadership had stopped,
//         if that is later: its primary's death or pause, its fence (kFenced), what stopped it as
//         outages.h has it, or the beginning of the change to the leadership that is blamed.
//         Looked for from the invocation of the last lost write up to that beginning.
// Where all of that is one instant it runs from the invocation of the first lost write instead. The
// report has the longest of all leaderships.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/analysis/availability/outages.h"
#include "simulator/analysis/evidence/fault_intervals.h"
#include "simulator/analysis/evidence/lineage.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct Loss {
  // When the write was lost: the losing primary's death, or else the beginning of the change to the
  // leadership that is blamed; if that leadership had begun before the write was invoked, the
  // acknowledgement itself. Absent: no leadership lacks it, and no death followed.
  std::optional<int64_t> at_ns;
  std::string when;  // "when p died", "when the promotion of r1 began", …
};

class Losses {
 public:
  // Keeps references to all of them.
  Losses(const Recording& recording, const Lineages& lineages,
         const std::vector<FaultInterval>& faults, const std::vector<LeadershipChange>& changes)
      : recording_(recording), lineages_(lineages), faults_(faults), changes_(changes) {}

  Loss LossOf(const Operation& lost) const;

  // The longest RPO; nothing where `lost` is empty, or where it has no length.
  std::optional<int64_t> RpoNs(const std::vector<const Operation*>& lost) const;

 private:
  struct Blame {
    std::optional<size_t> loser;           // index of the leadership that lost it
    const LeadershipChange* to = nullptr;  // to the one that lacks it
  };
  Blame BlameFor(const Operation& lost) const;
  // All in [from, to]: the first fault of this kind; whatever stopped the leadership first.
  std::optional<int64_t> FirstOf(Condition kind, size_t node, int64_t from_ns, int64_t to_ns) const;
  std::optional<int64_t> FirstStop(size_t leadership, int64_t from_ns, int64_t to_ns) const;
  std::optional<int64_t> Fenced(size_t node, int64_t from_ns, int64_t to_ns) const;
  std::string NodeOf(size_t leadership) const;

  const Recording& recording_;
  const Lineages& lineages_;
  const std::vector<FaultInterval>& faults_;
  const std::vector<LeadershipChange>& changes_;
};

}  // namespace replsim
