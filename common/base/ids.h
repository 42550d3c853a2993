// Strong types for the numbers and names that must never be mixed up: Lsn, Epoch and NodeId, and
// Position, which is an epoch and an LSN. A client passes a position as a token to read its own
// write.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace replsim {

// An integer that only mixes with its own kind. Arithmetic is offset arithmetic: id ± count = id,
// id − id = count.
template <typename Tag>
class StrongInt {
 public:
  constexpr StrongInt() = default;
  constexpr explicit StrongInt(uint64_t value) : value_(value) {}
  constexpr uint64_t value() const { return value_; }
  constexpr auto operator<=>(const StrongInt&) const = default;
  constexpr StrongInt& operator++() { return ++value_, *this; }
  constexpr StrongInt operator+(uint64_t count) const { return StrongInt(value_ + count); }
  constexpr StrongInt operator-(uint64_t count) const { return StrongInt(value_ - count); }
  constexpr uint64_t operator-(StrongInt other) const { return value_ - other.value_; }

 private:
  uint64_t value_ = 0;
};

// Place of a write in the log. Dense: the first write is 1; 0 is "before the first".
using Lsn = StrongInt<struct LsnTag>;
// Leadership generation: persisted, only grows; 0 is "never led".
using Epoch = StrongInt<struct EpochTag>;

// A node's name as the scenario spells it: p, r1, r2.
class NodeId {
 public:
  NodeId() = default;
  explicit NodeId(std::string name) : name_(std::move(name)) {}
  const std::string& name() const { return name_; }
  bool empty() const { return name_.empty(); }
  auto operator<=>(const NodeId&) const = default;

 private:
  std::string name_;
};

// Ordered by epoch first: a higher epoch is newer whatever its LSN.
struct Position {
  Epoch epoch;
  Lsn lsn;
  auto operator<=>(const Position&) const = default;
};

// "3:1042" (epoch:lsn), the form of positions in all output and all text files.
std::string ToString(Position position);
// Absent if `text` does not have this form or its epoch is above kEpochMax.
std::optional<Position> ParsePosition(absl::string_view text);

}  // namespace replsim
