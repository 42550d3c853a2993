// A history: what the clients of a store asked for, when, and what they learned. Judges
// (simulator/judge) read nothing else, so a history of any system can be judged: readers for other
// tools' formats are in this folder.
//
// Values are numbers that stand for texts: equal text, equal number. 0 is `nil`, a register's value
// before its first write unless the reader was told another.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace replsim::history {

using Value = int32_t;
inline constexpr Value kNil = 0;

// The end of an operation that was never answered.
inline constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

enum class Kind : uint8_t { kRead, kWrite, kCas, kAppend };
enum class Outcome : uint8_t {
  kYes,
  kNo,       // of a compare-and-set alone: it was answered that the value was not the expected one
  kUnknown,  // may have happened at any time from its begin on, or never
};

struct Operation {
  int64_t begin = 0;  // nanoseconds; numbers of lines, where the history has no times
  int64_t end = kNever;
  Value value = kNil;     // read: what it saw; otherwise what it writes or appends
  Value expected = kNil;  // compare-and-set
  uint32_t key = 0;       // index into History::keys
  uint32_t process = 0;   // operations of one process do not overlap
  uint32_t line = 0;      // where it began in the file
  uint32_t end_line = 0;  // 0: nowhere
  uint16_t node = 0;      // that answered: 1 + index into History::nodes; 0: not known
  Kind kind = Kind::kRead;
  Outcome outcome = Outcome::kYes;
};

// One read or write of a transaction.
struct Step {
  Kind kind = Kind::kRead;
  uint32_t key = 0;
  Value value = kNil;  // read: what it saw. A list that was read: index into History::lists
};
struct Transaction {
  int64_t begin = 0;
  int64_t end = kNever;
  uint32_t session = 0;  // its transactions are in order
  uint32_t line = 0;
  uint32_t first = 0;  // its steps: History::steps[first .. first + count)
  uint32_t count = 0;
  Outcome outcome = Outcome::kYes;  // kNo: aborted
};

// What one read of all accounts, or of a whole set, saw.
struct Snapshot {
  int64_t begin = 0;
  int64_t end = kNever;
  uint32_t line = 0;
  uint32_t process = 0;
  std::vector<std::pair<uint32_t, int64_t>> balances;  // key and amount
  std::vector<Value> elements;                         // of a set
  uint32_t key = 0;                                    // of a set
};

enum class Model : uint8_t {
  kRegister,       // reads, writes and compare-and-sets of single keys
  kKvAppend,       // get, put and append on texts
  kMultiRegister,  // transactions that take effect at one instant
  kTransactions,   // transactions on registers, each value written once per key
  kListAppend,     // transactions on lists
  kBank,
  kSet,
  kLongFork,
};

// A time in which something was broken.
struct FaultBand {
  int64_t begin = 0;
  int64_t end = kNever;  // kNever: until the history ends
  std::string text;      // "p killed"
};

struct History {
  std::string name;  // of its file
  Model model = Model::kRegister;
  bool has_times = false;  // else begin and end are numbers of lines
  // Lines of the file whose order is the order of time, as opposed to times that clients noted.
  bool has_lines = true;
  std::vector<Operation> operations;  // in order of begin
  std::vector<Step> steps;
  std::vector<Transaction> transactions;
  std::vector<Snapshot> snapshots;
  std::vector<std::vector<Value>> lists;
  std::vector<std::string> keys;
  std::vector<std::string> values = {"nil"};
  Value initial = kNil;                // of every register
  std::vector<std::string> processes;  // their names: "process 3", "client 3"
  std::vector<std::string> nodes;      // of the store, where it says who answered
  std::vector<FaultBand> faults;       // no judge looks at them
  int64_t origin = 0;                  // texts say times from here on
  // What the reader took for granted, each in one sentence.
  std::vector<std::string> assumptions;

  const std::string& TextOf(Value value) const { return values[static_cast<size_t>(value)]; }
};

}  // namespace replsim::history
