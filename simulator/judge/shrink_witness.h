// Shrinks the operations for which a search found no order to a small witness.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "simulator/judge/describe.h"
#include "simulator/judge/models.h"
#include "simulator/judge/search.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

// Whether the operations contain a write for every value that is read. A read whose write was left
// out would be a meaningless violation.
bool ExplainsReads(const history::History& history, const std::vector<size_t>& operations);
// The same for transactions.
bool ExplainsTransactions(const history::History& history, const std::vector<size_t>& transactions);

std::string DescribeTransaction(const history::History& history, size_t transaction);

constexpr uint64_t kShrinkSteps = 1 << 16;  // search steps per attempt

template <typename M>
constexpr bool kOfTransactions = std::is_same_v<M, StoreModel>;

template <typename M>
bool IsExplained(const history::History& history, const std::vector<size_t>& operations) {
  if constexpr (kOfTransactions<M>) return ExplainsTransactions(history, operations);
  return ExplainsReads(history, operations);
}

template <typename M>
bool IsViolation(const history::History& history, const std::vector<size_t>& operations) {
  if (!IsExplained<M>(history, operations)) return false;
  M model(history, operations);
  Search<M> search(&model, size_t{1} << 26);
  return search.Run(kShrinkSteps) == Search<M>::Result::kNo;
}

// Fills the witness and reason of a violation. `operations` are those that began before the blocked
// operation ended; the last one is the blocked one, which fits into no order.
template <typename M>
void DescribeBlockedWitness(const history::History& history, std::vector<size_t> operations,
                            const Budget& budget, Verdict* verdict) {
  const size_t blocked = operations.back();
  std::sort(operations.begin(), operations.end());
  // An operation that needs a value that no operation wrote is a witness by itself.
  if (!IsExplained<M>(history, operations)) operations = {blocked};
  // Leaves out ever smaller parts while the rest is still a violation.
  for (size_t part = std::max<size_t>(1, operations.size() / 2);;) {
    bool smaller = false;
    for (size_t from = 0; from < operations.size() && !budget.is_spent();) {
      std::vector<size_t> rest(operations.begin(),
                               operations.begin() + static_cast<std::ptrdiff_t>(from));
      const size_t to = std::min(operations.size(), from + part);
      rest.insert(rest.end(), operations.begin() + static_cast<std::ptrdiff_t>(to),
                  operations.end());
      if (IsViolation<M>(history, rest)) {
        operations = std::move(rest);
        smaller = true;
      } else {
        from = to;
      }
    }
    if (part == 1 && !smaller) break;
    if (budget.is_spent()) break;
    if (part > 1) part /= 2;
  }
  verdict->witness = operations;
  if constexpr (kOfTransactions<M>) {
    verdict->reason =
        absl::StrCat(DescribeTransaction(history, blocked), ", which fits into no order");
  } else {
    const std::string& key = history.keys[history.operations[blocked].key];
    verdict->reason =
        absl::StrCat(key.empty() ? "" : absl::StrCat("key ", key, ": "),
                     Describe(history, history.operations[blocked]), ", which fits into no order");
  }
}

}  // namespace replsim::judge
