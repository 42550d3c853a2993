#include "simulator/analysis/writes/issue_delay.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/stats/histogram.h"
#include "protos/types.pb.h"
#include "simulator/analysis/evidence/settings.h"

namespace replsim {
namespace {

struct Load {
  bool open = false;      // operations have intended starts
  bool blocking = false;  // a client has one operation at a time
};

Load LoadOf(const Recording& recording) {
  Load load;
  for (const auto& [path, value] : FlattenSettings(recording.scenario_yaml)) {
    if (path == "workload.arrival.rate") load.open = true;
    if (path == "workload.style" && value == "blocking") load.blocking = true;
  }
  return load;
}

// Rejected by the client before a request was sent to a node.
bool NeverSent(const Operation& operation) {
  return operation.outcome == proto::REJECTED &&
         (operation.reason == proto::OVERLOADED || operation.reason == proto::DEADLINE);
}

}  // namespace

std::optional<int64_t> IssueDelayP99(const Recording& recording) {
  const Load load = LoadOf(recording);
  if (!load.open) return std::nullopt;
  std::vector<const Operation*> sent;
  for (const Operation& operation : recording.operations) {
    if (!NeverSent(operation)) sent.push_back(&operation);
  }
  std::sort(sent.begin(), sent.end(), [](const Operation* a, const Operation* b) {
    return std::pair(a->client, a->sequence) < std::pair(b->client, b->sequence);
  });
  Histogram delays;
  const Operation* before = nullptr;
  for (const Operation* operation : sent) {
    int64_t possible_ns = operation->intended_ns;
    if (load.blocking && before != nullptr && before->client == operation->client) {
      possible_ns = std::max(possible_ns, before->completed_ns);
    }
    delays.Add(operation->invoked_ns - possible_ns);
    before = operation;
  }
  return delays.Quantile(0.99);
}

}  // namespace replsim
