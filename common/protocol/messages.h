// The messages between a primary and its replicas, as the cores see them. protos/replication.proto
// defines the wire form; common/server/rpc converts.
#pragma once

#include <cstdint>
#include <set>
#include <tuple>
#include <variant>

#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/protocol/knobs.h"
#include "common/storage/log/epoch_history.h"
#include "common/storage/log/published_set.h"
#include "common/storage/log/record.h"

namespace replsim {

// Replica → primary, the first message on every stream: identity and log of the replica.
struct Hello {
  NodeId id;
  Epoch epoch;
  EpochHistory history;
  Lsn last;
  bool unclean = false;  // it may lack what it had reported before its last restart
};

// Primary → replica, the answer to Hello. The replica truncates its log to `resume_after`; the
// records after that follow.
struct Welcome {
  Epoch epoch;
  EpochHistory history;
  Lsn resume_after;
  Lsn commit;
  std::set<Stage> prompt_stages;  // the replica stages that a gate waits for; reported at once
};

// How long the log of the primary of `epoch` was when that primary last told a node.
struct LogSize {
  Epoch epoch;
  uint64_t bytes = 0;  // of encoded records, those of earlier primaries included

  bool IsNewerThan(const LogSize& other) const {
    return std::tie(epoch, bytes) > std::tie(other.epoch, other.bytes);
  }
};

// Primary → replica: records as they are stored in the log. A heartbeat has no records.
struct Append {
  Epoch epoch;
  Lsn commit;
  Instant time;  // of the sending, on the primary's clock
  BatchPtr batch;
  bool in_sync = false;    // the witnesses store the replica as a member, published since its Hello
  uint64_t log_bytes = 0;  // encoded size of the primary's log
};

// Replica → primary: the replica's newest positions. A later acknowledgement contains the
// information of an earlier one, so an unsent one is dropped when a newer one replaces it.
struct Ack {
  Epoch epoch;
  Lsn receive;
  Lsn write;
  Lsn flush;
  Lsn apply;
  Instant heard{};  // when the primary sent the newest message received, on the primary's clock
  bool operator==(const Ack&) const = default;
};

// Either direction. Without `first`: the message refused was of a lower epoch than the sender's,
// which is `epoch`. With `first`, from a primary to a replica: the primary's log begins at `first`,
// and the records that the replica needs next lie before that. The replica needs a snapshot.
struct Refusal {
  Epoch epoch;
  Lsn first{0};  // 0: absent
};

using Message = std::variant<Hello, Welcome, Append, Ack, Refusal>;

// Requests to any other node, whether or not a stream connects the two, and their answers. A
// request or its answer may be lost.

// The sender leads this epoch.
struct Announcement {
  Epoch epoch;
  Instant time{};  // of the sending, on the sender's clock
  // The sender's newest in-sync set, to witnesses; of `epoch`. Empty: it has none.
  PublishedSet in_sync{};
  uint64_t log_bytes = 0;  // encoded size of the sender's log; to witnesses
};
// The highest epoch that the answering node knows, that of the request included.
struct KnownEpoch {
  Epoch epoch;
  Instant announced{};   // the time of the announcement that this answers; of other requests, zero
  uint64_t in_sync = 0;  // the version of the set of `epoch` that a witness stores; 0: none
};

// The sender asks for a vote for itself.
struct VoteRequest {
  Epoch epoch;   // that the candidate wants to lead
  Position end;  // of the candidate's log
  // Asks whether the node would vote for the candidate. The node promises nothing.
  bool pre_vote = false;
  // The primary hands its lead over (TakeLead), so its lease binds no longer.
  bool hand_over = false;
  // The candidate is not eligible by the in-sync set, and has found no node that is
  // (failover.unclean_after).
  bool unclean = false;
};
struct Vote {
  VoteRequest request;  // that this answers
  // Unless request.pre_vote: the node has persisted that it votes for no other node in that epoch.
  bool granted = false;
  Epoch known;                // highest epoch that the answering node knows
  PublishedSet in_sync{};     // that the answering witness stores
  bool hears = false;         // the answering node leads, or hears a primary
  LogSize primary_log{};      // the newest that the answering node knows
  bool not_eligible = false;  // the answering node does not stand: it was not shut down in order
};

// The sender leads this epoch, has stopped accepting writes, and the receiver has its whole log:
// the receiver is to stand for election.
struct TakeLead {
  Epoch epoch;
};

// From a witness that the witnesses have elected to pick the primary of `epoch`.
struct PickRequest {
  Epoch epoch;
  // Tells the receiver to lead the epoch. Otherwise the sender asks for the end of its log, and the
  // answer promises nothing.
  bool lead = false;
  LogSize primary_log{};  // the newest that the sender knows
};
struct PickAnswer {
  PickRequest request;  // that this answers
  // The node could lead. With request.lead: it has persisted that it leads the epoch.
  bool granted = false;
  Epoch known;   // highest epoch that the answering node knows
  Position end;  // of its log
};

using PeerRequest = std::variant<Announcement, VoteRequest, TakeLead, PickRequest>;
using PeerAnswer = std::variant<KnownEpoch, Vote, PickAnswer>;

}  // namespace replsim
