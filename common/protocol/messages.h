// What a primary and its replicas say to each other, as the cores see it. The wire form is
// protos/replication.proto; common/rpc converts.
#pragma once

#include <set>
#include <variant>

#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/protocol/knobs.h"
#include "common/storage/log/epoch_history.h"
#include "common/storage/log/record.h"

namespace replsim {

// Replica → primary, first on every stream: who I am and what my log holds.
struct Hello {
  NodeId id;
  Epoch epoch;
  EpochHistory history;
  Lsn last;
};

// Primary → replica, the answer: cut your log back to `resume_after`, the records after it follow.
struct Welcome {
  Epoch epoch;
  EpochHistory history;
  Lsn resume_after;
  Lsn commit;
  std::set<Stage> prompt_stages;  // replica stages that a gate waits for: to be reported at once
};

// Primary → replica: records as they lie in the log; none is a heartbeat.
struct Append {
  Epoch epoch;
  Lsn commit;
  Instant time;
  BatchPtr batch;
};

// Replica → primary: its newest positions. A later ack says everything an earlier one said, so one
// that was overtaken before it left need not be sent.
struct Ack {
  Epoch epoch;
  Lsn receive;
  Lsn write;
  Lsn flush;
  Lsn apply;
  bool operator==(const Ack&) const = default;
};

// Either way. Without `first`: your message was of a lower epoch than mine, which is this one. With
// it, from a primary to a replica: the records that your log needs next are no longer in mine,
// which begins at `first`; only a snapshot can bring your log up to date.
struct Refusal {
  Epoch epoch;
  Lsn first{0};  // 0: absent
};

using Message = std::variant<Hello, Welcome, Append, Ack, Refusal>;

}  // namespace replsim
