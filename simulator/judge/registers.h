// Reads and writes of registers whose values are each written once per key, so that every read
// identifies the write that it saw. A position is an index into this list of operations. A client's
// operations are ordered as in the history.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "simulator/history/history.h"
#include "simulator/judge/indexes.h"
#include "simulator/judge/watch.h"

namespace replsim::judge {

// Values of WriteOf() for a read that saw no write of the history.
inline constexpr uint32_t kInitialWrite = kNoNode - 1;  // the initial value
inline constexpr uint32_t kNoWrite = kNoNode - 2;       // a value that no operation wrote

// One operation of a client, with what a walk over the client's operations needs of it. The walk
// then reads memory in order instead of jumping through History::operations.
struct Access {
  uint32_t position = 0;
  uint32_t key = 0;
  uint32_t write = 0;  // Registers::WriteOf()
  bool is_read = false;
  bool is_answered = false;
};

class Registers {
 public:
  // `operations`: ascending indexes into History::operations. Keys with compare-and-sets, with a
  // value that is written twice, or with a write of the initial value are left out. No other member
  // may be called if the time budget is exhausted during construction. `history` must outlive this
  // object.
  Registers(const history::History& history, std::vector<uint32_t> operations, Watch* watch);

  const history::History& history() const { return history_; }
  // Why keys were left out; empty if none were.
  const std::string& left_out() const { return left_out_; }

  uint32_t size() const { return static_cast<uint32_t>(indexes_.size()); }
  uint32_t IndexOf(uint32_t position) const { return indexes_[position]; }
  const history::Operation& at(uint32_t position) const {
    return history_.operations[indexes_[position]];
  }
  bool IsRead(uint32_t position) const { return at(position).kind == history::Kind::kRead; }
  bool IsAnswered(uint32_t position) const { return at(position).end != history::kNever; }

  // For a read: the write that it saw, kInitialWrite or kNoWrite. For a write: itself.
  uint32_t WriteOf(uint32_t position) const { return write_[position]; }
  // A read of a value that no operation wrote; kNoNode if there is none.
  uint32_t thin_air() const { return thin_air_; }

  uint32_t processes() const { return static_cast<uint32_t>(history_.processes.size()); }
  uint32_t keys() const { return static_cast<uint32_t>(history_.keys.size()); }
  // A client's operations in its order. An unanswered operation precedes no other one.
  absl::Span<const Access> OfProcess(uint32_t process) const {
    return {by_process_.data() + first_[process], first_[process + 1] - first_[process]};
  }
  // The rank of an operation among its client's operations.
  uint32_t PlaceOf(uint32_t position) const { return place_[position]; }

  // "process 3 wrote x = 7 (line 12)"; without the key if the history has only one.
  std::string TextOf(uint32_t position) const;
  // "the write of x = 7", "the initial value nil".
  std::string NameOf(uint32_t write, uint32_t key) const;

 private:
  // Fills write_. Returns false if some keys cannot be judged; these are marked in `refused`.
  bool FindWrites(std::vector<bool>* refused, Watch* watch);
  void SplitByProcess();

  const history::History& history_;
  std::vector<uint32_t> indexes_;
  std::vector<uint32_t> write_;
  std::vector<uint32_t> place_;
  std::vector<uint32_t> first_;  // by process: index in by_process_
  std::vector<Access> by_process_;
  uint32_t thin_air_ = kNoNode;
  std::string left_out_;
};

// All answered operations of a history, and all its writes.
std::vector<uint32_t> AllOperations(const history::History& history);

// An array of values that can be cleared in O(1).
template <typename T>
class Forgettable {
 public:
  explicit Forgettable(size_t size) : slots_(size) {}
  void Forget() { ++round_; }
  // Null if no value was set since the last Forget().
  T* Find(size_t at) { return slots_[at].round == round_ ? &slots_[at].value : nullptr; }
  T& operator[](size_t at) {
    if (slots_[at].round != round_) slots_[at] = {T{}, round_};
    return slots_[at].value;
  }

 private:
  struct Slot {
    T value{};
    uint32_t round = 0;
  };
  std::vector<Slot> slots_;
  uint32_t round_ = 1;
};

}  // namespace replsim::judge
