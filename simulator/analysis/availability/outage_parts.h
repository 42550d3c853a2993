// The parts of the outage of a failover (outages.h). They follow each other without a gap, so they
// add up to the length of the outage. `leader` is the leadership that committed the first write.
//
//   detect       until an elector suspected the old primary, or until the PROMOTE_BEGIN of a
//                promotion by a fault (promotions.h), whichever is first
//   elect        until `leader` was elected (kElected); 0 without an election
//   promote      until it led: kLeads; without an election its PROMOTED event, or kLeads if the
//                supervisor never learned of it
//   discover     until clients had found out that it leads: its first PRIMARY_FOUND between its
//                kLeads and the end of the outage; 0 if there is none (clients that are told)
//   first write  until the end of the outage
//
// Each instant is clamped to the outage and to the instant before it.
//
// The electors are the new primary and the nodes that voted for it in its epoch before it was
// elected; if a witness picked it, that witness and the nodes that voted for the witness. A replica
// that is partitioned from them suspects for a reason of its own, so it does not count. An elector
// suspected at the first of
//   - the beginning of the outage, if it suspected then: between its last kSuspects before and that
//     instant it recorded no sign of a primary (kAppend, kFollows, kConnected), did not lead and
//     was not restarted; and it did not begin to suspect anew before the election
//   - its first kSuspects in the outage and before the election
// If no elector suspected and no fault promoted it, `detect` ends when the new primary stood
// (kStands).
#pragma once

#include <cstdint>
#include <optional>

#include "simulator/analysis/evidence/election_records.h"
#include "simulator/analysis/evidence/leadership_history.h"
#include "simulator/recording/recording.h"

namespace replsim {

struct OutageParts {
  int64_t detect_ns = 0;
  int64_t elect_ns = 0;
  int64_t promote_ns = 0;
  int64_t discover_ns = 0;
  int64_t first_write_ns = 0;
};

// Splits the outage [begin_ns, end_ns]. `promotion`: the PROMOTE_BEGIN that led to `leader`; null
// if there is none. Absent if `leader` was neither promoted nor elected.
std::optional<OutageParts> SplitOutage(const Recording& recording, const ElectionRecords& elections,
                                       const Leadership& leader, const proto::RunEvent* promotion,
                                       int64_t begin_ns, int64_t end_ns);

}  // namespace replsim
