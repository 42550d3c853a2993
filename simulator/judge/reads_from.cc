#include "simulator/judge/reads_from.h"

#include "absl/strings/str_cat.h"
#include "simulator/judge/describe.h"
#include "simulator/judge/shrink_witness.h"

namespace replsim::judge {
namespace {

using history::Kind;
using history::Outcome;
using history::Transaction;
using history::Value;

uint64_t NameOf(uint32_t key, Value value) {
  return (static_cast<uint64_t>(key) << 32) | static_cast<uint32_t>(value);
}

}  // namespace

std::string ReadsFrom::Text(uint32_t t) const { return DescribeTransaction(history_, t); }

void ReadsFrom::FindWriters(Watch* watch) {
  const size_t size = history_.transactions.size();
  writes_.resize(size);
  reads_.resize(size);
  was_read_.assign(size, false);
  for (uint32_t t = 0; t < size; ++t) {
    const Transaction& transaction = history_.transactions[t];
    if (watch->IsSpent(1 + transaction.count)) return;
    for (uint32_t i = 0; i < transaction.count; ++i) {
      const history::Step& step = history_.steps[transaction.first + i];
      if (step.kind == Kind::kRead) continue;
      writers_[NameOf(step.key, step.value)] = {t, i};
      last_writes_[NameOf(step.key, static_cast<Value>(t))] = i;
      writes_[t].push_back(step.key);
    }
    std::sort(writes_[t].begin(), writes_[t].end());
    writes_[t].erase(std::unique(writes_[t].begin(), writes_[t].end()), writes_[t].end());
  }
}

void ReadsFrom::Refuse(std::vector<size_t> witness, std::string reason) {
  if (bad_) return;
  std::sort(witness.begin(), witness.end());
  bad_ = Bad{std::move(witness), std::move(reason)};
}

void ReadsFrom::FindReads(Watch* watch) {
  for (uint32_t t = 0; t < history_.transactions.size(); ++t) {
    if (watch->IsSpent(1 + history_.transactions[t].count)) return;
    if (history_.transactions[t].outcome == Outcome::kNo) continue;
    FindReadsOf(t);
  }
}

void ReadsFrom::FindReadsOf(uint32_t t) {
  const Transaction& transaction = history_.transactions[t];
  absl::flat_hash_map<uint32_t, Value> own;  // written so far
  for (uint32_t i = 0; i < transaction.count; ++i) {
    const history::Step& step = history_.steps[transaction.first + i];
    if (step.kind != Kind::kRead) {
      own[step.key] = step.value;
      continue;
    }
    const auto written = own.find(step.key);
    if (written != own.end()) {
      if (written->second != step.value) {
        Refuse({t}, absl::StrCat(Text(t), ", which does not see its own write of ",
                                 history_.keys[step.key]));
      }
      continue;
    }
    const auto writer = writers_.find(NameOf(step.key, step.value));
    if (writer == writers_.end()) {
      if (step.value == history_.initial) {
        AddRead(t, {step.key, kInitial});
      } else {
        Refuse({t}, absl::StrCat(Text(t), ": no transaction wrote ",
                                 BeforeValueOf(history_, step.key), history_.TextOf(step.value)));
      }
      continue;
    }
    const auto [from, at] = writer->second;
    if (from == t) {
      Refuse({t}, absl::StrCat(Text(t), ", which reads a value that it writes later"));
    } else if (history_.transactions[from].outcome == Outcome::kNo) {
      Refuse({from, t}, absl::StrCat(Text(t), ", a read of the aborted ", Text(from)));
    } else if (last_writes_[NameOf(step.key, static_cast<Value>(from))] != at) {
      Refuse({from, t}, absl::StrCat(Text(t), ", a read from the middle of ", Text(from)));
    } else {
      was_read_[from] = true;
      AddRead(t, {step.key, from});
    }
  }
}

void ReadsFrom::AddRead(uint32_t t, ReadFrom read) {
  std::vector<ReadFrom>& reads = reads_[t];
  if (!reads.empty() && reads.back().key == read.key && reads.back().writer == read.writer) {
    return;
  }
  reads.push_back(read);
}

}  // namespace replsim::judge
