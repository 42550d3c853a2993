// A history: the operations that the clients of a store invoked, when, and what they learned.
// Judges (simulator/judge) read nothing else, so a history of any system can be judged. This folder
// has readers for other tools' formats.
//
// Values are numbers that stand for texts: equal texts have equal numbers. Texts of values that
// have types are in EDN (datum.h), so that 1 and "1" differ. 0 is `nil`, the value of a register
// before its first write unless the reader was given another initial value.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace replsim::history {

using Value = int32_t;
inline constexpr Value kNil = 0;

// The `end` of an operation that was never answered.
inline constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

enum class Kind : uint8_t { kRead, kWrite, kCas, kAppend };
enum class Outcome : uint8_t {
  kYes,
  kNo,       // compare-and-set only: answered that the value was not the expected one
  kUnknown,  // may have happened at any time after its begin, or never
};

struct Operation {
  int64_t begin = 0;  // ns, or line numbers if the history has no times
  int64_t end = kNever;
  Value value = kNil;     // read: the value seen; otherwise the value written or appended
  Value expected = kNil;  // compare-and-set only
  uint32_t key = 0;       // index into History::keys
  uint32_t process = 0;   // operations of one process do not overlap
  uint32_t line = 0;      // line of the file at which it began; 0: unknown
  uint32_t end_line = 0;  // line of the answer; 0: none
  uint16_t node = 0;      // the answering node: 1 + index into History::nodes; 0: unknown
  Kind kind = Kind::kRead;
  Outcome outcome = Outcome::kYes;
};

// One read or write of a transaction.
struct Step {
  Kind kind = Kind::kRead;
  uint32_t key = 0;
  Value value = kNil;  // read: the value seen; for lists: index into History::lists
};
struct Transaction {
  int64_t begin = 0;
  int64_t end = kNever;
  uint32_t session = 0;  // transactions of one session are in order
  uint32_t line = 0;
  uint32_t first = 0;  // its steps are History::steps[first .. first + count)
  uint32_t count = 0;
  Outcome outcome = Outcome::kYes;  // kNo: aborted
};

// The result of one read of all accounts, or of a whole set.
struct Snapshot {
  int64_t begin = 0;
  int64_t end = kNever;
  uint32_t line = 0;
  uint32_t process = 0;
  // Bank: (key, amount). The amount is absent if the read showed nil.
  std::vector<std::pair<uint32_t, std::optional<int64_t>>> balances;
  std::vector<Value> elements;  // set
  uint32_t key = 0;             // set
};

enum class Model : uint8_t {
  kRegister,       // reads, writes and compare-and-sets of single keys
  kKvAppend,       // get, put and append of texts
  kMultiRegister,  // transactions that take effect at one instant
  kTransactions,   // transactions on registers, each value written once per key
  kListAppend,     // transactions on lists
  kBank,
  kSet,
  kLongFork,
};

// An interval in which a fault was in force.
struct FaultBand {
  int64_t begin = 0;
  int64_t end = kNever;  // kNever: until the history ends
  std::string text;      // "p killed"
};

struct History {
  std::string name;  // of its file
  Model model = Model::kRegister;
  bool has_times = false;  // false: begin and end are line numbers
  // Whether the order of the file's lines is the order of time. False: only the order within each
  // session is known.
  bool has_lines = true;
  std::vector<Operation> operations;  // in order of begin
  std::vector<Step> steps;
  std::vector<Transaction> transactions;
  std::vector<Snapshot> snapshots;
  std::vector<std::vector<Value>> lists;
  std::vector<std::string> keys;
  std::vector<std::string> values = {"nil"};
  Value initial = kNil;                // initial value of every register
  std::vector<std::string> processes;  // names: "process 3", "client 3"
  std::vector<std::string> nodes;      // nodes of the store, if operations name them
  std::vector<FaultBand> faults;       // for drawings; judges ignore them
  int64_t origin = 0;                  // texts show times relative to this
  // What the reader assumed, one sentence each.
  std::vector<std::string> assumptions;

  const std::string& TextOf(Value value) const { return values[static_cast<size_t>(value)]; }
};

}  // namespace replsim::history
