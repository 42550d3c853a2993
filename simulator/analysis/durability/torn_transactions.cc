#include "simulator/analysis/durability/torn_transactions.h"

#include <algorithm>
#include <map>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/ids.h"
#include "simulator/recording/written_value.h"

namespace replsim {
namespace {

Position PositionOf(const LogEntry& entry) { return {Epoch(entry.epoch), Lsn(entry.lsn)}; }

// The transactions in the logs of all nodes.
std::map<Position, const LogEntry*> TransactionsOf(const Recording& recording) {
  std::map<Position, const LogEntry*> transactions;
  for (const NodeRecording& node : recording.nodes) {
    if (!node.log) continue;
    for (const LogEntry& entry : *node.log) {
      if (entry.key_count > 1) transactions.try_emplace(PositionOf(entry), &entry);
    }
  }
  return transactions;
}

// The position of the write that the node shows for `key`; 0:0 if it shows none.
Position Shown(const std::vector<FinalEntry>& state, uint32_t key) {
  const auto entry = std::lower_bound(
      state.begin(), state.end(), key,
      [](const FinalEntry& candidate, uint32_t wanted) { return candidate.key < wanted; });
  if (entry == state.end() || entry->key != key) return {};
  return {Epoch(entry->epoch), Lsn(entry->lsn)};
}

bool HasPositions(const std::vector<FinalEntry>& state) {
  return std::all_of(state.begin(), state.end(),
                     [](const FinalEntry& entry) { return entry.lsn != 0; });
}

// A key that shows the transaction, and one that shows something older.
struct Tear {
  uint32_t shown = 0;
  uint32_t missing = 0;
  Position instead;
};
std::optional<Tear> TearOf(const LogEntry& transaction, const std::vector<FinalEntry>& state) {
  const Position at = PositionOf(transaction);
  std::optional<uint32_t> shown;
  std::optional<uint32_t> missing;
  Position instead;
  for (uint32_t key = transaction.key; key < transaction.key + transaction.key_count; ++key) {
    const Position there = Shown(state, key);
    if (there == at) shown = key;
    if (there >= at) continue;
    missing = key;
    instead = there;
  }
  if (!shown || !missing) return std::nullopt;
  return Tear{*shown, *missing, instead};
}

std::string Describe(const LogEntry& transaction, const Tear& tear, const std::string& node) {
  const uint32_t last = transaction.key + transaction.key_count - 1u;
  return absl::StrCat(ToString(WrittenValue{transaction.client, transaction.sequence}), " at ",
                      ToString(PositionOf(transaction)), " wrote ", KeyName(transaction.key),
                      " to ", KeyName(last), ", but ", node, " has it in ", KeyName(tear.shown),
                      " and ", tear.instead == Position() ? "nothing" : ToString(tear.instead),
                      " in ", KeyName(tear.missing));
}

bool Converged(const Recording& recording) {
  return std::none_of(recording.events.begin(), recording.events.end(), [](const auto& event) {
    return event.kind() == proto::RunEvent::NOT_CONVERGED;
  });
}

}  // namespace

TornTransactions FindTornTransactions(const Recording& recording) {
  TornTransactions found;
  // A node that still applies may be read at several positions, page by page.
  if (!Converged(recording)) return found;
  for (const auto& [position, transaction] : TransactionsOf(recording)) {
    ++found.checked;
    for (const NodeRecording& node : recording.nodes) {
      if (!node.final_state || !HasPositions(*node.final_state)) continue;
      const std::optional<Tear> tear = TearOf(*transaction, *node.final_state);
      if (!tear) continue;
      if (found.torn++ == 0) found.first = Describe(*transaction, *tear, node.id);
      break;
    }
  }
  return found;
}

}  // namespace replsim
