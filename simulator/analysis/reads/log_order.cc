#include "simulator/analysis/reads/log_order.h"

#include <algorithm>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/base/ids.h"
#include "protos/types.pb.h"
#include "simulator/analysis/evidence/anomaly.h"
#include "simulator/analysis/reads/client_moments.h"
#include "simulator/analysis/reads/key_versions.h"
#include "simulator/analysis/reads/staleness.h"

namespace replsim {
namespace {

// The newest positions that one client had seen and written, over all keys.
struct Seen {
  Position read;     // the newest position read
  Position written;  // the newest own acknowledged write
  Position either;   // the newer of the two
};

class LogOrder {
 public:
  LogOrder(const Recording& recording, const FinalLog& final_log)
      : recording_(recording), versions_(recording, final_log) {}

  // `operations` are one client's, in order of completion.
  void CheckClient(const std::vector<const Operation*>& operations) {
    seen_ = Seen{};
    if (!Overlap(operations)) {
      for (const Operation* operation : operations) Check(*operation, seen_);
      return;
    }
    before_.clear();
    for (const ClientMoment& moment : MomentsOf(operations)) {
      Seen& before = before_[moment.operation->sequence];
      if (moment.is_begin) {
        before = seen_;
      } else {
        Check(*moment.operation, before);
      }
    }
  }

  void Fill(proto::RunReport::Consistency* consistency) const {
    *consistency->mutable_consistent_prefix() = prefix_.ToProto();
    *consistency->mutable_monotonic_writes() = monotonic_writes_.ToProto();
    *consistency->mutable_writes_follow_reads() = follow_reads_.ToProto();
    *consistency->mutable_sequential() = sequential_.ToProto();
  }

 private:
  static bool Overlap(const std::vector<const Operation*>& operations) {
    for (size_t i = 1; i < operations.size(); ++i) {
      if (operations[i]->invoked_ns < operations[i - 1]->completed_ns) return true;
    }
    return false;
  }

  // `before`: the state of the client from operations that had ended when this one began.
  void Check(const Operation& operation, const Seen before) {
    const Position at = operation.position();
    sequential_.Check();
    if (operation.is_write) {
      monotonic_writes_.Check();
      if (at <= before.written)
        Found(monotonic_writes_, operation, before.written, "its own write");
      if (before.read != Position{}) {
        follow_reads_.Check();
        if (at <= before.read) Found(follow_reads_, operation, before.read, "it had read");
      }
      if (at <= before.either) Found(sequential_, operation, before.either, "it had come to");
      seen_.written = std::max(seen_.written, at);
    } else {
      const Position next = versions_.NextOf(operation.key, at);
      if (before.read != Position{}) {
        prefix_.Check();
        if (next <= before.read) Overwritten(prefix_, operation, next, before.read);
      }
      if (next <= before.either) Overwritten(sequential_, operation, next, before.either);
      seen_.read = std::max(seen_.read, at);
    }
    seen_.either = std::max(seen_.either, at);
  }

  void Overwritten(AnomalyCounter& counter, const Operation& read, Position next,
                   Position seen) const {
    counter.Found(read.invoked_ns, [&] {
      return absl::StrCat(DescribeRead(recording_, read), ", which ", ToString(next),
                          " had overwritten; the client had seen ", ToString(seen), " before");
    });
  }
  void Found(AnomalyCounter& counter, const Operation& write, Position before,
             const char* what) const {
    counter.Found(write.invoked_ns, [&] {
      return absl::StrCat("client ", write.client, " wrote ", KeyNames(write), " at ",
                          ToString(write.position()), "; ", what, " ", ToString(before), " before");
    });
  }

  const Recording& recording_;
  const KeyVersions versions_;
  absl::flat_hash_map<uint64_t, Seen> before_;  // by sequence; never iterated
  Seen seen_;
  AnomalyCounter prefix_;
  AnomalyCounter monotonic_writes_;
  AnomalyCounter follow_reads_;
  AnomalyCounter sequential_;
};

}  // namespace

void CheckLogOrder(const Recording& recording, const FinalLog& final_log,
                   proto::RunReport::Consistency* consistency) {
  if (!final_log.known()) return;
  std::vector<const Operation*> order;
  for (const Operation& operation : recording.operations) {
    const bool counts = operation.is_write == 0 || operation.is_change();
    if (operation.outcome == proto::COMMITTED && counts) order.push_back(&operation);
  }
  std::stable_sort(order.begin(), order.end(),
                   [](const Operation* a, const Operation* b) { return a->client < b->client; });
  LogOrder checks(recording, final_log);
  std::vector<const Operation*> of_client;
  for (size_t i = 0; i < order.size(); ++i) {
    of_client.push_back(order[i]);
    if (i + 1 < order.size() && order[i + 1]->client == order[i]->client) continue;
    checks.CheckClient(of_client);
    of_client.clear();
  }
  checks.Fill(consistency);
}

}  // namespace replsim
