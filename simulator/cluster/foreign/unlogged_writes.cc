#include "simulator/cluster/foreign/unlogged_writes.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace replsim {
namespace {

void SetTo(const Position& position, Operation* operation) {
  operation->has_position = 1;
  operation->epoch = static_cast<uint32_t>(position.epoch.value());
  operation->lsn = position.lsn.value();
}

}  // namespace

void PlaceUnloggedWrites(const FullLogs& logs, std::vector<Operation>* operations) {
  std::vector<Operation*> unlogged;
  for (Operation& operation : *operations) {
    if (operation.is_write && operation.outcome == proto::COMMITTED && !operation.has_position) {
      unlogged.push_back(&operation);
    }
  }
  std::stable_sort(unlogged.begin(), unlogged.end(), [](const Operation* a, const Operation* b) {
    return a->completed_ns < b->completed_ns;
  });
  std::map<uint64_t, uint64_t> ends;  // by epoch
  std::map<std::pair<uint32_t, uint64_t>, Position> placed;
  for (Operation* const write : unlogged) {
    const NativeLead* led = nullptr;
    for (const NativeLead& lead : logs.leads()) {
      const bool begun = ToNanos(lead.begun) <= write->completed_ns;
      if (lead.node == write->node && begun) led = &lead;
    }
    if (led == nullptr) continue;
    uint64_t& end =
        ends.try_emplace(led->epoch, logs.of(led->node, led->life).size()).first->second;
    const Position position{Epoch(led->epoch), Lsn(++end)};
    placed[{write->client, write->sequence}] = position;
    SetTo(position, write);
  }
  for (Operation& operation : *operations) {
    const std::optional<WrittenValue> value = operation.value();
    if (operation.is_write || operation.has_position || !value) continue;
    const auto found = placed.find({value->client, value->sequence});
    if (found != placed.end()) SetTo(found->second, &operation);
  }
}

}  // namespace replsim
