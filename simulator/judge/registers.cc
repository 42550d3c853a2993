#include "simulator/judge/registers.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "simulator/judge/describe.h"

namespace replsim::judge {
namespace {

using history::History;
using history::Kind;
using history::Operation;
using history::Value;

// Maps (key, value) to its write. Most values occur on one key only, which an array serves.
class WritesByValue {
 public:
  explicit WritesByValue(const History& history) : first_(history.values.size(), kNoNode) {}

  // Returns false if the value was already written to the key.
  bool Add(uint32_t position, const Operation& write, const Registers& registers) {
    uint32_t& first = first_[static_cast<size_t>(write.value)];
    if (first == kNoNode) {
      first = position;
      return true;
    }
    if (registers.at(first).key == write.key) return false;
    return others_.emplace(NameOf(write), position).second;
  }
  uint32_t Find(const Operation& read, const Registers& registers) const {
    const uint32_t first = first_[static_cast<size_t>(read.value)];
    if (first == kNoNode || registers.at(first).key == read.key) return first;
    const auto it = others_.find(NameOf(read));
    return it == others_.end() ? kNoNode : it->second;
  }

 private:
  static uint64_t NameOf(const Operation& operation) {
    return (static_cast<uint64_t>(operation.key) << 32) | static_cast<uint32_t>(operation.value);
  }

  std::vector<uint32_t> first_;
  absl::flat_hash_map<uint64_t, uint32_t> others_;
};

}  // namespace

Registers::Registers(const History& history, std::vector<uint32_t> operations, Watch* watch)
    : history_(history), indexes_(std::move(operations)) {
  std::vector<bool> refused(history.keys.size(), false);
  if (!FindWrites(&refused, watch) && !watch->WasSpent()) {
    indexes_.erase(
        std::remove_if(indexes_.begin(), indexes_.end(),
                       [&](uint32_t index) { return refused[history.operations[index].key]; }),
        indexes_.end());
    FindWrites(&refused, watch);
  }
  if (!watch->WasSpent()) SplitByProcess();
}

bool Registers::FindWrites(std::vector<bool>* refused, Watch* watch) {
  bool all = true;
  const auto refuse = [&](const Operation& operation, absl::string_view why) {
    all = false;
    (*refused)[operation.key] = true;
    if (!left_out_.empty()) return;
    const std::string& key = history_.keys[operation.key];
    left_out_ = absl::StrCat(key.empty() ? "" : absl::StrCat("key ", key, ": "), why);
  };
  WritesByValue writes(history_);
  for (uint32_t i = 0; i < size(); ++i) {
    if (watch->IsSpent()) return false;
    const Operation& operation = at(i);
    if (operation.kind == Kind::kRead || (*refused)[operation.key]) continue;
    if (operation.kind != Kind::kWrite) {
      refuse(operation, "a compare-and-set depends on more than one write");
    } else if (operation.value == history_.initial) {
      refuse(operation, absl::StrCat("the initial value ", history_.TextOf(operation.value),
                                     " is also written"));
    } else if (!writes.Add(i, operation, *this)) {
      refuse(operation, absl::StrCat(history_.TextOf(operation.value),
                                     " is written twice: which write a read saw is not known"));
    }
  }
  if (!all) return false;
  write_.assign(size(), kNoNode);
  thin_air_ = kNoNode;
  for (uint32_t i = 0; i < size(); ++i) {
    if (watch->IsSpent()) return false;
    const Operation& operation = at(i);
    if (operation.kind != Kind::kRead) {
      write_[i] = i;
    } else if (operation.value == history_.initial) {
      write_[i] = kInitialWrite;
    } else {
      const uint32_t write = writes.Find(operation, *this);
      write_[i] = write == kNoNode ? kNoWrite : write;
      if (write == kNoNode && thin_air_ == kNoNode) thin_air_ = i;
    }
  }
  return true;
}

void Registers::SplitByProcess() {
  first_.assign(processes() + 1, 0);
  for (uint32_t i = 0; i < size(); ++i) ++first_[at(i).process + 1];
  for (uint32_t process = 0; process < processes(); ++process) {
    first_[process + 1] += first_[process];
  }
  by_process_.resize(size());
  place_.resize(size());
  std::vector<uint32_t> filled(processes(), 0);
  for (uint32_t i = 0; i < size(); ++i) {
    const Operation& operation = at(i);
    place_[i] = filled[operation.process]++;
    by_process_[first_[operation.process] + place_[i]] = {i, operation.key, write_[i],
                                                          operation.kind == Kind::kRead,
                                                          operation.end != history::kNever};
  }
}

std::string Registers::TextOf(uint32_t position) const {
  return DescribeWithKey(history_, at(position));
}

std::string Registers::NameOf(uint32_t write, uint32_t key) const {
  const std::string of_key = history_.keys.size() > 1 ? history_.keys[key] : "";
  if (write == kInitialWrite) {
    return absl::StrCat("the initial value ", history_.TextOf(history_.initial),
                        of_key.empty() ? "" : absl::StrCat(" of ", of_key));
  }
  return absl::StrCat("the write of ", of_key.empty() ? "" : absl::StrCat(of_key, " = "),
                      history_.TextOf(at(write).value));
}

std::vector<uint32_t> AllOperations(const History& history) {
  std::vector<uint32_t> all;
  all.reserve(history.operations.size());
  for (uint32_t i = 0; i < history.operations.size(); ++i) {
    const Operation& operation = history.operations[i];
    if (operation.kind == Kind::kRead && operation.end == history::kNever) continue;
    all.push_back(i);
  }
  return all;
}

}  // namespace replsim::judge
