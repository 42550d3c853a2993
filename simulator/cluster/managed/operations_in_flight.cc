#include "simulator/cluster/managed/operations_in_flight.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "simulator/cluster/managed/unanswered.h"

namespace replsim {

void OperationsInFlight::Add(uint64_t id, bool is_write, Instant deadline, OperationDone done) {
  operations_.emplace(id, Operation{std::move(done), is_write});
  auto place = deadlines_.end();
  while (place != deadlines_.begin() && deadline < std::prev(place)->first) --place;
  deadlines_.emplace(place, deadline, id);
}

void OperationsInFlight::Answer(uint64_t id, OperationResult result) {
  const auto it = operations_.find(id);
  if (it == operations_.end()) return;
  OperationDone done = std::move(it->second.done);
  operations_.erase(it);
  if (result.position) known_epoch_ = std::max(known_epoch_, result.position->epoch);
  done(std::move(result));
}

void OperationsInFlight::FailAll() {
  std::vector<std::pair<uint64_t, Operation>> broken;
  for (auto& [id, operation] : operations_) broken.emplace_back(id, std::move(operation));
  operations_.clear();
  deadlines_.clear();
  std::sort(broken.begin(), broken.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [id, operation] : broken) {
    operation.done(Unanswered(operation.is_write, proto::DISCONNECTED));
  }
}

void OperationsInFlight::FailOverdue(Instant now) {
  while (!deadlines_.empty()) {
    const auto [deadline, id] = deadlines_.front();
    const auto it = operations_.find(id);
    if (it != operations_.end() && deadline > now) break;
    deadlines_.pop_front();
    if (it == operations_.end()) continue;
    Operation overdue = std::move(it->second);
    operations_.erase(it);
    overdue.done(Unanswered(overdue.is_write, proto::DEADLINE));
  }
}

}  // namespace replsim
