// Models for Search: the effect of operations on an object (search.h describes a model). An object
// is one key of a store, or the whole store for transactions.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "simulator/history/history.h"
#include "simulator/judge/search.h"

namespace replsim::judge {

using history::History;
using history::Operation;
using history::Transaction;

// The operations of one key, as indexes into History::operations.
class KeyOperations {
 public:
  KeyOperations(const History& history, const std::vector<size_t>& indexes)
      : history_(history), indexes_(indexes) {}

  size_t size() const { return indexes_.size(); }
  const Operation& at(size_t op) const { return history_.operations[indexes_[op]]; }
  int64_t begin(size_t op) const { return at(op).begin; }
  int64_t end(size_t op) const { return at(op).end; }
  uint32_t process(size_t op) const { return at(op).process; }
  uint64_t ClassOf(size_t op) const {
    const Operation& operation = at(op);
    return (static_cast<uint64_t>(operation.kind) << 62) |
           (static_cast<uint64_t>(static_cast<uint32_t>(operation.expected)) << 31) |
           static_cast<uint32_t>(operation.value);
  }

 protected:
  const History& history_;
  const std::vector<size_t>& indexes_;
};

// A register with compare-and-set. The state is its value.
class RegisterModel : public KeyOperations {
 public:
  using KeyOperations::KeyOperations;

  size_t bytes() const { return 0; }
  uint32_t Initial() const { return static_cast<uint32_t>(history_.initial); }
  bool IsReadOnly(size_t op) const {
    const Operation& operation = at(op);
    return operation.kind == history::Kind::kRead ||
           (operation.kind == history::Kind::kCas && operation.outcome == history::Outcome::kNo);
  }
  uint32_t Step(uint32_t state, size_t op) const {
    const Operation& operation = at(op);
    const auto value = static_cast<uint32_t>(operation.value);
    switch (operation.kind) {
      case history::Kind::kRead:
        return state == value ? state : kIllegal;
      case history::Kind::kCas: {
        const bool equal = state == static_cast<uint32_t>(operation.expected);
        if (operation.outcome == history::Outcome::kNo) return equal ? kIllegal : state;
        return equal ? value : kIllegal;
      }
      case history::Kind::kWrite:
      case history::Kind::kAppend:
        break;
    }
    return value;
  }
};

// A text with read, put and append. Texts are compared by length and a 61-bit polynomial hash, so
// an append costs only the length of the appended part.
class AppendModel : public KeyOperations {
 public:
  AppendModel(const History& history, const std::vector<size_t>& indexes);

  size_t bytes() const { return 4 * states_.size() * sizeof(Text); }
  uint32_t Initial() const { return 0; }
  bool IsReadOnly(size_t op) const { return at(op).kind == history::Kind::kRead; }
  uint32_t Step(uint32_t state, size_t op);

 private:
  struct Text {
    uint64_t hash = 0;
    uint64_t length = 0;
    friend bool operator==(const Text& a, const Text& b) {
      return a.hash == b.hash && a.length == b.length;
    }
    template <typename H>
    friend H AbslHashValue(H h, const Text& text) {
      return H::combine(std::move(h), text.hash, text.length);
    }
  };
  static Text TextOf(const std::string& text);
  uint32_t StateOf(const Text& text);

  std::vector<Text> operation_texts_;
  std::vector<uint64_t> operation_powers_;  // hash base to the power of the text's length
  std::vector<Text> states_;
  absl::flat_hash_map<Text, uint32_t> numbers_;
};

// Transactions of reads and writes that each take effect at one instant. The state is the value of
// every key.
class StoreModel {
 public:
  StoreModel(const History& history, const std::vector<size_t>& indexes);

  size_t size() const { return indexes_.size(); }
  const Transaction& at(size_t op) const { return history_.transactions[indexes_[op]]; }
  int64_t begin(size_t op) const { return at(op).begin; }
  int64_t end(size_t op) const { return at(op).end; }
  uint32_t process(size_t op) const { return at(op).session; }
  uint64_t ClassOf(size_t op) const { return op; }
  // Each state is stored twice: in the list and in the map.
  size_t bytes() const {
    return states_.size() * (2 * history_.keys.size() * sizeof(history::Value) + kStateBytes);
  }
  uint32_t Initial() const { return 0; }
  bool IsReadOnly(size_t op) const;
  uint32_t Step(uint32_t state, size_t op);

 private:
  static constexpr size_t kStateBytes = 128;  // overhead per state beside its values

  const History& history_;
  const std::vector<size_t>& indexes_;
  std::vector<std::vector<history::Value>> states_;
  std::map<std::vector<history::Value>, uint32_t> numbers_;
};

}  // namespace replsim::judge
