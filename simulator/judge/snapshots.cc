#include "simulator/judge/snapshots.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "simulator/judge/indexes.h"
#include "simulator/judge/shrink_witness.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {
namespace {

using history::History;
using history::Kind;
using history::kNil;
using history::Snapshot;
using history::Value;

void Refuse(std::vector<size_t> witness, std::string reason, Verdict* verdict) {
  if (verdict->holds == Holds::kNo) return;
  verdict->holds = Holds::kNo;
  std::sort(witness.begin(), witness.end());
  verdict->witness = std::move(witness);
  verdict->reason = std::move(reason);
}

// A violation found before the limit was reached stays valid.
Verdict Stopped(void (*answer)(Verdict*), Verdict verdict) {
  if (verdict.holds != Holds::kNo) answer(&verdict);
  return verdict;
}

// No read could have shown a violation. A violation that was found stays one.
void AnswerNothingToJudge(const char* why, Verdict* verdict) {
  if (verdict->holds != Holds::kYes) return;
  verdict->holds = Holds::kUnknown;
  verdict->reason = why;
}

std::string LineOf(const Snapshot& snapshot) {
  return absl::StrCat("the read of line ", snapshot.line);
}

// The sum of 64-bit numbers may need more bits.
absl::int128 SumOf(const Snapshot& snapshot) {
  absl::int128 sum = 0;
  for (const auto& balance : snapshot.balances) sum += balance.second.value_or(0);
  return sum;
}

std::string TextOf(absl::int128 number) {
  std::ostringstream text;
  text << number;
  return text.str();
}

std::vector<uint32_t> AccountsOf(const Snapshot& snapshot) {
  std::vector<uint32_t> accounts;
  for (const auto& balance : snapshot.balances) accounts.push_back(balance.first);
  std::sort(accounts.begin(), accounts.end());
  return accounts;
}

// An account that is in `accounts` but not in `others`, both sorted.
std::optional<uint32_t> FindMissing(const std::vector<uint32_t>& accounts,
                                    const std::vector<uint32_t>& others) {
  for (const uint32_t account : accounts) {
    if (!std::binary_search(others.begin(), others.end(), account)) return account;
  }
  return std::nullopt;
}

// Adds what is wrong with the balances of one read.
void JudgeBalances(const History& history, size_t index, Verdict* verdict) {
  const Snapshot& read = history.snapshots[index];
  for (const auto& [account, amount] : read.balances) {
    if (amount && *amount >= 0) continue;
    Refuse({index},
           absl::StrCat(LineOf(read), " shows ", amount ? absl::StrCat(*amount) : "nil",
                        " in account ", history.keys[account]),
           verdict);
  }
}

// One element of a set.
struct Element {
  int64_t known = std::numeric_limits<int64_t>::max();  // from then on it must be present
  size_t added = kNone;
  size_t last_present = kNone;  // the last read after `known` that shows it
  size_t last_absent = kNone;
};

}  // namespace

Verdict JudgeBank(const History& history, const Budget& budget) {
  Watch watch(budget);
  Verdict verdict;
  verdict.guarantee = Guarantee::kBank;
  verdict.reads = history.snapshots.size();
  std::vector<uint32_t> expected;  // the accounts of the first read
  std::optional<size_t> whole;     // the first read without nil
  for (size_t i = 0; i < history.snapshots.size(); ++i) {
    const Snapshot& first = history.snapshots[0];
    const Snapshot& read = history.snapshots[i];
    if (watch.IsSpent(1 + read.balances.size())) return Stopped(AnswerOutOfTime, verdict);
    const std::vector<uint32_t> accounts = AccountsOf(read);
    if (i == 0) expected = accounts;
    if (const std::optional<uint32_t> account = FindMissing(accounts, expected)) {
      Refuse({0, i},
             absl::StrCat(LineOf(read), " shows account ", history.keys[*account], ", which ",
                          LineOf(first), " does not show"),
             &verdict);
    }
    if (const std::optional<uint32_t> account = FindMissing(expected, accounts)) {
      Refuse({0, i},
             absl::StrCat(LineOf(read), " does not show account ", history.keys[*account],
                          ", which ", LineOf(first), " shows"),
             &verdict);
    }
    JudgeBalances(history, i, &verdict);
    if (std::any_of(read.balances.begin(), read.balances.end(),
                    [](const auto& balance) { return !balance.second.has_value(); })) {
      continue;
    }
    if (!whole) whole = i;
    const Snapshot& reference = history.snapshots[*whole];
    if (SumOf(read) != SumOf(reference)) {
      Refuse({*whole, i},
             absl::StrCat(LineOf(read), " shows ", TextOf(SumOf(read)), " in all, ",
                          LineOf(reference), " ", TextOf(SumOf(reference))),
             &verdict);
    }
  }
  if (history.snapshots.empty()) AnswerNothingToJudge("no read was answered", &verdict);
  return verdict;
}

Verdict JudgeSet(const History& history, const Budget& budget) {
  Watch watch(budget);
  Verdict verdict;
  verdict.guarantee = Guarantee::kSet;
  verdict.keys = history.keys.size();
  verdict.reads = history.snapshots.size();
  std::map<std::pair<uint32_t, Value>, Element> elements;
  for (size_t i = 0; i < history.operations.size(); ++i) {
    const history::Operation& add = history.operations[i];
    if (watch.IsSpent()) return Stopped(AnswerOutOfTime, verdict);
    Element& element = elements[{add.key, add.value}];
    element.added = i;
    if (add.outcome == history::Outcome::kYes) element.known = std::min(element.known, add.end);
  }
  std::vector<std::vector<Value>> sorted;  // the elements of each read
  size_t sorted_bytes = 0;
  for (size_t i = 0; i < history.snapshots.size(); ++i) {
    const Snapshot& read = history.snapshots[i];
    if (watch.IsSpent(1 + read.elements.size())) return Stopped(AnswerOutOfTime, verdict);
    sorted_bytes += read.elements.size() * sizeof(Value);
    if (sorted_bytes > watch.memory_bytes()) return Stopped(AnswerOutOfMemory, verdict);
    std::vector<Value>& shown = sorted.emplace_back(read.elements);
    std::sort(shown.begin(), shown.end());
    const auto twice = std::adjacent_find(shown.begin(), shown.end());
    if (twice != shown.end()) {
      Refuse({i}, absl::StrCat(LineOf(read), " shows ", history.TextOf(*twice), " twice"),
             &verdict);
    }
    for (const Value value : shown) {
      const auto it = elements.find({read.key, value});
      if (it == elements.end()) {
        Refuse({i},
               absl::StrCat(LineOf(read), " shows ", history.TextOf(value),
                            ", which no operation added"),
               &verdict);
      } else {
        it->second.known = std::min(it->second.known, read.end);
      }
    }
  }
  uint64_t lost = 0;
  for (auto& [name, element] : elements) {
    for (size_t i = 0; i < history.snapshots.size(); ++i) {
      const Snapshot& read = history.snapshots[i];
      if (watch.IsSpent()) return Stopped(AnswerOutOfTime, verdict);
      if (read.key != name.first || read.begin < element.known) continue;
      const bool present = std::binary_search(sorted[i].begin(), sorted[i].end(), name.second);
      size_t& last = present ? element.last_present : element.last_absent;
      if (last == kNone || read.begin > history.snapshots[last].begin) last = i;
    }
    if (element.last_absent == kNone) continue;
    const Snapshot& absent = history.snapshots[element.last_absent];
    if (element.last_present != kNone &&
        history.snapshots[element.last_present].begin > absent.begin) {
      continue;
    }
    ++lost;
    Refuse({element.last_absent},
           absl::StrCat(history.TextOf(name.second), ", added in line ",
                        history.operations[element.added].line, ", is lost: ", LineOf(absent),
                        " does not show it, nor any later one"),
           &verdict);
  }
  verdict.bad_keys = lost;
  if (std::none_of(history.snapshots.begin(), history.snapshots.end(),
                   [](const Snapshot& read) { return !read.elements.empty(); })) {
    AnswerNothingToJudge(history.snapshots.empty() ? "no read was answered"
                                                   : "no read shows an element, and none had to",
                         &verdict);
  }
  return verdict;
}

Verdict JudgeLongFork(const History& history, const Budget& budget) {
  Watch watch(budget);
  Verdict verdict;
  verdict.guarantee = Guarantee::kNoLongFork;
  struct Read {
    size_t transaction;
    std::vector<std::pair<uint32_t, bool>> seen;  // (key, whether it had been written)
  };
  std::map<std::vector<uint32_t>, std::vector<Read>> groups;
  for (size_t t = 0; t < history.transactions.size(); ++t) {
    const history::Transaction& transaction = history.transactions[t];
    if (watch.IsSpent(1 + transaction.count)) return Stopped(AnswerOutOfTime, verdict);
    if (transaction.outcome != history::Outcome::kYes) continue;
    Read read{t, {}};
    for (uint32_t i = 0; i < transaction.count; ++i) {
      const history::Step& step = history.steps[transaction.first + i];
      if (step.kind == Kind::kRead) read.seen.emplace_back(step.key, step.value != kNil);
    }
    if (read.seen.size() < 2) continue;
    ++verdict.reads;
    std::sort(read.seen.begin(), read.seen.end());
    std::vector<uint32_t> keys;
    for (const auto& [key, written] : read.seen) keys.push_back(key);
    groups[keys].push_back(std::move(read));
  }
  if (std::none_of(groups.begin(), groups.end(),
                   [](const auto& group) { return group.second.size() > 1; })) {
    AnswerNothingToJudge("no two answered reads of the same keys to compare", &verdict);
  }
  for (const auto& [keys, reads] : groups) {
    for (size_t a = 0; a < reads.size(); ++a) {
      for (size_t b = 0; b < a; ++b) {
        if (watch.IsSpent(keys.size())) return Stopped(AnswerOutOfTime, verdict);
        bool more = false;
        bool less = false;
        for (size_t i = 0; i < keys.size(); ++i) {
          more |= reads[a].seen[i].second && !reads[b].seen[i].second;
          less |= !reads[a].seen[i].second && reads[b].seen[i].second;
        }
        if (!more || !less) continue;
        Refuse({reads[b].transaction, reads[a].transaction},
               absl::StrCat(DescribeTransaction(history, reads[b].transaction), " and ",
                            DescribeTransaction(history, reads[a].transaction),
                            ": each saw a write that the other did not"),
               &verdict);
      }
    }
  }
  return verdict;
}

}  // namespace replsim::judge
