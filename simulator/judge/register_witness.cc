#include "simulator/judge/register_witness.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace replsim::judge {
namespace {

using history::History;
using history::Kind;

// `witness` without [from, to), and without reads whose write is left out.
std::vector<uint32_t> LeaveOut(const History& history, const std::vector<size_t>& witness,
                               size_t from, size_t to) {
  const auto is_orphan = [&](const history::Operation& read) {
    for (size_t i = from; i < to; ++i) {
      const history::Operation& out = history.operations[witness[i]];
      if (out.kind == Kind::kWrite && out.key == read.key && out.value == read.value) return true;
    }
    return false;
  };
  std::vector<uint32_t> rest;
  for (size_t i = 0; i < witness.size(); ++i) {
    if (i >= from && i < to) continue;
    const history::Operation& operation = history.operations[witness[i]];
    if (operation.kind == Kind::kRead && is_orphan(operation)) continue;
    rest.push_back(static_cast<uint32_t>(witness[i]));
  }
  return rest;
}

}  // namespace

Verdict JudgeUnwrittenRead(const Registers& registers, Guarantee guarantee) {
  Verdict verdict;
  verdict.guarantee = guarantee;
  verdict.holds = Holds::kNo;
  verdict.witness = {registers.IndexOf(registers.thin_air())};
  verdict.reason =
      absl::StrCat(registers.TextOf(registers.thin_air()), ", which no operation wrote");
  return verdict;
}

void ShrinkByLeavingOut(const History& history,
                        const std::function<Verdict(const Registers&)>& judge, Watch* watch,
                        Verdict* verdict) {
  for (size_t part = std::max<size_t>(1, verdict->witness.size() / 2);;) {
    bool smaller = false;
    for (size_t from = 0; from < verdict->witness.size();) {
      const size_t to = std::min(verdict->witness.size(), from + part);
      const std::vector<uint32_t> rest = LeaveOut(history, verdict->witness, from, to);
      if (watch->IsSpent(verdict->witness.size())) return;
      Verdict found = judge(Registers(history, rest, watch));
      if (found.holds == Holds::kNo && found.witness.size() < verdict->witness.size()) {
        verdict->witness = std::move(found.witness);
        verdict->reason = std::move(found.reason);
        verdict->because = std::move(found.because);
        smaller = true;
        from = 0;
      } else {
        from = to;
      }
    }
    if (part == 1 && !smaller) return;
    if (part > 1) part /= 2;
  }
}

}  // namespace replsim::judge
