#include "common/storage/log/epoch_history.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/base/check.h"
#include "common/base/mutant.h"

namespace replsim {
namespace {

// Last LSN of the epoch at `index`, in a log that ends at `last`.
Lsn EndOf(const std::vector<EpochStart>& starts, size_t index, Lsn last) {
  return index + 1 < starts.size() ? std::min(last, starts[index + 1].start - 1) : last;
}

}  // namespace

EpochHistory::EpochHistory(std::vector<EpochStart> starts) {
  for (const EpochStart& s : starts) Begin(s.epoch, s.start);
}

void EpochHistory::Begin(Epoch epoch, Lsn start) {
  if (!starts_.empty()) {
    REPL_CHECK(epoch > starts_.back().epoch, "epoch ", epoch.value(), " after ",
               starts_.back().epoch.value());
    REPL_CHECK(start >= starts_.back().start, "epoch ", epoch.value(),
               " begins before the previous epoch");
  }
  starts_.push_back({epoch, start});
}

Epoch EpochHistory::EpochAt(Lsn lsn) const {
  Epoch epoch;
  for (const EpochStart& s : starts_) {
    if (s.start > lsn) break;
    epoch = s.epoch;
  }
  return epoch;
}

void EpochHistory::TruncateTo(Lsn last) {
  std::erase_if(starts_, [&](const EpochStart& s) { return s.start > last; });
}

void EpochHistory::TruncateFront(Lsn first) {
  const Epoch kept = first > Lsn(1) ? EpochAt(first - 1) : Epoch(0);
  std::erase_if(starts_, [&](const EpochStart& s) { return s.epoch < kept; });
}

Lsn CommonEnd(const EpochHistory& a, Lsn a_last, const EpochHistory& b, Lsn b_last) {
  const auto& as = a.starts();
  const auto& bs = b.starts();
  if (Mutated(Mutant::kTruncateByLsn)) return std::min(a_last, b_last);
  for (size_t i = as.size(); i-- > 0;) {
    const auto match = std::find(bs.begin(), bs.end(), as[i]);
    if (match == bs.end()) continue;
    const auto j = static_cast<size_t>(match - bs.begin());
    const Lsn end = std::min(EndOf(as, i, a_last), EndOf(bs, j, b_last));
    if (Mutated(Mutant::kTruncateTooLittle)) return EndOf(bs, j, b_last);
    if (Mutated(Mutant::kTruncateTooMuch)) return std::min(end, as[i].start - 1);
    return end;
  }
  return Lsn(0);
}

}  // namespace replsim
