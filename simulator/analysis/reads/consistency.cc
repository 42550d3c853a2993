#include "simulator/analysis/reads/consistency.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/ids.h"
#include "protos/types.pb.h"
#include "simulator/analysis/evidence/distribution.h"
#include "simulator/analysis/evidence/event_text.h"
#include "simulator/analysis/reads/client_moments.h"
#include "simulator/analysis/reads/linearizability.h"
#include "simulator/analysis/reads/log_order.h"
#include "simulator/analysis/reads/staleness.h"

namespace replsim {
namespace {

// The newest positions of one key that one client had read and written before an operation.
struct Session {
  Position written;  // 0:0: no write yet
  Position read;
  bool has_written = false;
  bool has_read = false;
};

struct SessionAnomalies {
  AnomalyCounter read_your_writes;
  AnomalyCounter monotonic_reads;
};

void CheckRead(const Recording& recording, const Operation& read, const Session& session,
               SessionAnomalies& found) {
  const Position saw = read.position();
  if (session.has_written) {
    found.read_your_writes.Check();
    if (saw < session.written) {
      found.read_your_writes.Found(read.invoked_ns, [&] {
        return absl::StrCat(DescribeRead(recording, read), "; its own write ",
                            ToString(session.written), " had been acknowledged");
      });
    }
  }
  if (session.has_read) {
    found.monotonic_reads.Check();
    if (saw < session.read) {
      found.monotonic_reads.Found(read.invoked_ns, [&] {
        return absl::StrCat(DescribeRead(recording, read), "; it had read ", ToString(session.read),
                            " before");
      });
    }
  }
}

// `operations` are the acknowledged operations of one client on one key.
void CheckSession(const Recording& recording, const std::vector<const Operation*>& operations,
                  SessionAnomalies& found) {
  if (operations.size() < 2) return;
  Session session;
  for (const ClientMoment& moment : MomentsOf(operations)) {
    const Operation& operation = *moment.operation;
    if (moment.is_begin) {
      if (!operation.is_write) CheckRead(recording, operation, session, found);
    } else if (operation.is_write) {
      if (!operation.is_change()) continue;
      session.written = std::max(session.written, operation.position());
      session.has_written = true;
    } else {
      session.read = std::max(session.read, operation.position());
      session.has_read = true;
    }
  }
}

// An acknowledged operation of a client on one of its keys.
struct SessionStep {
  uint32_t key = 0;
  const Operation* operation = nullptr;

  std::pair<uint32_t, uint32_t> session() const { return {operation->client, key}; }
};

SessionAnomalies CheckSessions(const Recording& recording) {
  std::vector<SessionStep> order;
  for (const Operation& operation : recording.operations) {
    if (operation.outcome != proto::COMMITTED) continue;
    for (uint32_t i = 0; i < operation.key_count(); ++i) {
      order.push_back({operation.key + i, &operation});
    }
  }
  std::stable_sort(order.begin(), order.end(), [](const SessionStep& a, const SessionStep& b) {
    return a.session() < b.session();
  });
  SessionAnomalies found;
  std::vector<const Operation*> session;
  for (size_t i = 0; i < order.size(); ++i) {
    session.push_back(order[i].operation);
    if (i + 1 < order.size() && order[i + 1].session() == order[i].session()) continue;
    CheckSession(recording, session, found);
    session.clear();
  }
  return found;
}

AnomalyCounter FindFailedReads(const Recording& recording) {
  AnomalyCounter failed;
  for (const Operation& read : recording.operations) {
    if (read.is_write) continue;
    failed.Check();
    if (read.outcome == proto::COMMITTED) continue;
    failed.Found(read.invoked_ns, [&] {
      return absl::StrCat("client ", read.client, " read ", KeyName(read.key), ": ",
                          AnswerText(read));
    });
  }
  return failed;
}

AnomalyCounter FindPhantoms(const Recording& recording, const FinalLog& final_log) {
  AnomalyCounter phantoms;
  for (const Operation& read : recording.operations) {
    if (read.is_write || read.outcome != proto::COMMITTED) continue;
    phantoms.Check();
    if (read.lsn == 0 || final_log.At(read.epoch, read.lsn) != nullptr) continue;
    phantoms.Found(read.invoked_ns, [&] {
      return absl::StrCat(DescribeRead(recording, read), ", which is not in the final log");
    });
  }
  return phantoms;
}

// Without a single answered read, "no read was stale" would be true and say nothing.
void ClearReadAnomalies(proto::RunReport::Consistency* consistency) {
  consistency->clear_stale_reads();
  consistency->clear_stale_replica_reads();
  consistency->clear_read_your_writes();
  consistency->clear_monotonic_reads();
  consistency->clear_phantom_reads();
  consistency->clear_reads_missing_lost_writes();
  consistency->clear_consistent_prefix();
  consistency->clear_sequential();
}

}  // namespace

proto::RunReport::Consistency CheckConsistency(const Recording& recording,
                                               const LeadershipHistory& leadership_history,
                                               const FinalLog& final_log, StaleReads stale,
                                               WitnessPicture* witness) {
  proto::RunReport::Consistency consistency;
  *consistency.mutable_stale_reads() = stale.all.ToProto();
  consistency.set_reads(consistency.stale_reads().checked());
  if (!leadership_history.leaderships().empty()) {
    *consistency.mutable_stale_replica_reads() = stale.on_replicas.ToProto();
    consistency.set_replica_reads(consistency.stale_replica_reads().checked());
  }
  *consistency.mutable_failed_reads() = FindFailedReads(recording).ToProto();
  *consistency.mutable_staleness_us() = ToDistribution(stale.staleness_ns, kNanosPerMicro);
  *consistency.mutable_stale_versions() = ToDistribution(stale.versions, 1);
  CheckLogOrder(recording, final_log, &consistency);
  WitnessPicture picture = CheckLinearizable(recording, final_log, &consistency);
  if (witness != nullptr) *witness = std::move(picture);
  const SessionAnomalies sessions = CheckSessions(recording);
  *consistency.mutable_read_your_writes() = sessions.read_your_writes.ToProto();
  *consistency.mutable_monotonic_reads() = sessions.monotonic_reads.ToProto();
  if (final_log.known()) {
    *consistency.mutable_phantom_reads() = FindPhantoms(recording, final_log).ToProto();
    *consistency.mutable_reads_missing_lost_writes() = stale.missing_lost.ToProto();
  }
  if (consistency.reads() == 0) ClearReadAnomalies(&consistency);
  return consistency;
}

}  // namespace replsim
