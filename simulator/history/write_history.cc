#include "simulator/history/write_history.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

namespace replsim::history {
namespace {

// The begin or the end of an operation or a transaction.
struct Row {
  int64_t time = 0;
  bool is_end = false;
  uint32_t process = 0;
  size_t index = 0;
};

uint32_t ProcessOf(const Operation& operation) { return operation.process; }
uint32_t ProcessOf(const Transaction& transaction) { return transaction.session; }

// In order of time. At one instant begins come before ends, except for operations of one client.
template <typename Item>
std::vector<Row> RowsOf(const std::vector<Item>& items) {
  std::vector<Row> rows;
  for (size_t i = 0; i < items.size(); ++i) {
    rows.push_back({items[i].begin, false, ProcessOf(items[i]), i});
    if (items[i].end != kNever) rows.push_back({items[i].end, true, ProcessOf(items[i]), i});
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return a.time != b.time ? a.time < b.time : a.is_end < b.is_end;
  });
  // A client's next operation comes after its previous one.
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].is_end) continue;
    for (size_t j = i + 1; j < rows.size() && rows[j].time == rows[i].time; ++j) {
      if (!rows[j].is_end || rows[j].process != rows[i].process) continue;
      if (rows[j].index == rows[i].index) continue;
      std::rotate(rows.begin() + static_cast<std::ptrdiff_t>(i),
                  rows.begin() + static_cast<std::ptrdiff_t>(j),
                  rows.begin() + static_cast<std::ptrdiff_t>(j) + 1);
      ++i;
      j = i;
    }
  }
  return rows;
}

// The process number of each item. A client whose operation was never answered goes on under
// another number, as in Jepsen: readers take an operation that its process left open for one that
// may still happen. So does an operation that was never answered and begins while its client has
// another one open. The numbers of a client are its index plus multiples of the number of clients.
template <typename Item>
std::vector<uint64_t> ProcessNumbers(const History& history, const std::vector<Item>& items,
                                     const std::vector<Row>& rows) {
  const uint64_t count = history.processes.size();
  std::vector<uint64_t> current(count);
  std::vector<uint64_t> last(count);  // the highest number of each client
  for (uint64_t i = 0; i < count; ++i) current[i] = last[i] = i;
  std::vector<bool> is_open(count, false);
  std::vector<uint64_t> numbers(items.size());
  for (const Row& row : rows) {
    const uint32_t process = row.process;
    if (row.is_end) {
      is_open[process] = false;
    } else if (items[row.index].end != kNever) {
      numbers[row.index] = current[process];
      is_open[process] = true;
    } else if (is_open[process]) {
      numbers[row.index] = last[process] += count;
    } else {
      numbers[row.index] = current[process];
      current[process] = last[process] += count;
    }
  }
  return numbers;
}

std::string NumberOf(Value value) { return value == kNil ? "nil" : absl::StrCat(value); }

const char* JepsenFunction(const Operation& operation) {
  return operation.kind == Kind::kRead ? ":read" : operation.kind == Kind::kCas ? ":cas" : ":write";
}

// The value of a row: of a read only in its answer; of a compare-and-set [expected new].
std::string JepsenValue(const Operation& operation, bool is_end) {
  if (operation.kind == Kind::kRead && !is_end) return "nil";
  if (operation.kind != Kind::kCas) return NumberOf(operation.value);
  return absl::StrCat("[", NumberOf(operation.expected), " ", NumberOf(operation.value), "]");
}

absl::Span<const Step> StepsOf(const History& history, const Transaction& transaction) {
  return absl::MakeConstSpan(history.steps).subspan(transaction.first, transaction.count);
}

// "[[:w 3 17] [:w 4 17]]". Reads have a value only in the answer.
std::string JepsenSteps(const History& history, const Transaction& transaction, bool is_end) {
  std::string out;
  for (const Step& step : StepsOf(history, transaction)) {
    const bool is_read = step.kind == Kind::kRead;
    absl::StrAppend(&out, out.empty() ? "" : " ", "[", is_read ? ":r " : ":w ", step.key, " ",
                    is_read && !is_end ? "nil" : NumberOf(step.value), "]");
  }
  return absl::StrCat("[", out, "]");
}

std::string JepsenBody(const History& history, const Transaction& transaction, bool is_end) {
  return absl::StrCat(":f :txn, :value ", JepsenSteps(history, transaction, is_end));
}
std::string JepsenBody(const History&, const Operation& operation, bool is_end) {
  return absl::StrCat(":f ", JepsenFunction(operation), ", :value [", operation.key, " ",
                      JepsenValue(operation, is_end), "]");
}

template <typename Item>
std::string WriteJepsen(const History& history, const std::vector<Item>& items) {
  const std::vector<Row> rows = RowsOf(items);
  const std::vector<uint64_t> process = ProcessNumbers(history, items, rows);
  std::string out;
  uint64_t index = 0;
  for (const Row& row : rows) {
    const Item& item = items[row.index];
    const auto write = [&](const char* type) {
      absl::StrAppend(&out, "{:index ", index++, ", :time ", row.time - history.origin, ", :type ",
                      type, ", :process ", process[row.index], ", ",
                      JepsenBody(history, item, row.is_end), "}\n");
    };
    write(!row.is_end ? ":invoke" : item.outcome == Outcome::kNo ? ":fail" : ":ok");
    if (item.end == kNever) write(":info");
  }
  return out;
}

const char* KvFunction(const Operation& operation) {
  return operation.kind == Kind::kRead     ? ":get"
         : operation.kind == Kind::kAppend ? ":append"
                                           : ":put";
}

std::string KvValue(const History& history, Value value) {
  if (history.model == Model::kKvAppend) return history.TextOf(value);
  return value == kNil ? "" : absl::StrCat(value);
}

// Writes the fields in the order that Porcupine's reader expects. An unanswered write has only its
// :invoke row. An unanswered read is left out: Porcupine takes it for a read of nothing.
std::string WriteKv(const History& history) {
  const std::vector<Row> rows = RowsOf(history.operations);
  const std::vector<uint64_t> process = ProcessNumbers(history, history.operations, rows);
  std::string out;
  for (const Row& row : rows) {
    const Operation& operation = history.operations[row.index];
    const bool read = operation.kind == Kind::kRead;
    if (read && operation.end == kNever) continue;
    const std::string value = KvValue(history, operation.value);
    absl::StrAppend(&out, "{:process ", process[row.index], ", :type ",
                    row.is_end ? ":ok" : ":invoke", ", :f ", KvFunction(operation), ", :key \"",
                    operation.key, "\", :value ",
                    read && !row.is_end ? "nil" : absl::StrCat("\"", value, "\""), "}\n");
  }
  return out;
}

// The transactions of one process, in its order, each with its steps.
using Session = std::vector<std::vector<Step>>;

// Collects sessions. Contains what was answered, and the unanswered writes that an answered
// operation read. Each of the latter is a session of its own: it may have happened after later
// operations of its client, which these formats cannot say in any other way.
class SessionCollector {
 public:
  explicit SessionCollector(const History& history)
      : sessions_(history.processes.size()), read_(history.values.size(), false) {}

  void NoteRead(const Step& step) {
    if (step.kind == Kind::kRead) read_[static_cast<size_t>(step.value)] = true;
  }
  // To be called in order of begin, after all reads were noted.
  void Add(uint32_t process, bool is_answered, std::vector<Step> steps) {
    if (is_answered) {
      sessions_[process].push_back(std::move(steps));
      return;
    }
    std::erase_if(steps, [](const Step& step) { return step.kind == Kind::kRead; });
    const bool was_read = std::any_of(steps.begin(), steps.end(), [this](const Step& step) {
      return read_[static_cast<size_t>(step.value)];
    });
    if (was_read) sessions_.push_back({std::move(steps)});
  }
  std::vector<Session> Done() {
    std::erase_if(sessions_, [](const Session& session) { return session.empty(); });
    return std::move(sessions_);
  }

 private:
  std::vector<Session> sessions_;  // of the clients, then of the unanswered writes
  std::vector<bool> read_;         // by value
};

// Each operation is its own transaction.
std::vector<Session> Sessions(const History& history) {
  SessionCollector sessions(history);
  for (const Operation& operation : history.operations) {
    if (operation.end != kNever) {
      sessions.NoteRead({operation.kind, operation.key, operation.value});
    }
  }
  for (const Transaction& transaction : history.transactions) {
    if (transaction.end == kNever) continue;
    for (const Step& step : StepsOf(history, transaction)) sessions.NoteRead(step);
  }
  for (const Operation& operation : history.operations) {
    sessions.Add(operation.process, operation.end != kNever,
                 {{operation.kind, operation.key, operation.value}});
  }
  for (const Transaction& transaction : history.transactions) {
    const absl::Span<const Step> steps = StepsOf(history, transaction);
    sessions.Add(transaction.session, transaction.end != kNever, {steps.begin(), steps.end()});
  }
  return sessions.Done();
}

std::string WritePlume(const History& history) {
  std::string out;
  size_t number = 0;
  size_t transaction = 0;
  for (const Session& session : Sessions(history)) {
    for (const std::vector<Step>& steps : session) {
      for (const Step& step : steps) {
        absl::StrAppend(&out, step.kind == Kind::kRead ? "r(" : "w(", step.key, ",", step.value,
                        ",", number, ",", transaction, ")\n");
      }
      ++transaction;
    }
    ++number;
  }
  return out;
}

std::string WriteDbcop(const History& history) {
  std::string out;
  for (const Session& session : Sessions(history)) {
    if (!out.empty()) absl::StrAppend(&out, "---\n");
    for (const std::vector<Step>& steps : session) {
      const char* separator = "[";
      for (const Step& step : steps) {
        absl::StrAppend(&out, std::exchange(separator, " "), "k", step.key,
                        step.kind == Kind::kRead ? "==" : ":=",
                        step.value == kNil ? "?" : absl::StrCat(step.value));
      }
      absl::StrAppend(&out, "]\n");
    }
  }
  return out;
}

// Why a history cannot be written in this format; null if it can.
const char* WhyNot(const History& history, Format format) {
  if (history.model == Model::kKvAppend && format != Format::kKv) {
    return "the history has appends, which only --to kv can express";
  }
  if (history.model == Model::kTransactions && format == Format::kKv) {
    return "the history has transactions, which --to kv cannot express";
  }
  for (const Operation& operation : history.operations) {
    const bool is_delete = operation.kind == Kind::kWrite && operation.value == kNil;
    if (operation.kind == Kind::kCas && format != Format::kJepsen) {
      return "the history has compare-and-sets, which only --to jepsen can express";
    }
    if (is_delete && format != Format::kJepsen && format != Format::kKv) {
      return "the history has deletes, which only --to jepsen and --to kv can express";
    }
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<std::string> WriteHistory(const History& history, Format format) {
  if (const char* const why = WhyNot(history, format); why != nullptr) {
    return absl::InvalidArgumentError(why);
  }
  switch (format) {
    case Format::kJepsen:
      return history.model == Model::kTransactions ? WriteJepsen(history, history.transactions)
                                                   : WriteJepsen(history, history.operations);
    case Format::kKv:
      return WriteKv(history);
    case Format::kPlume:
      return WritePlume(history);
    case Format::kDbcop:
      return WriteDbcop(history);
    case Format::kAuto:
    case Format::kJepsenLog:
    case Format::kJson:
    case Format::kAwdit:
      break;
  }
  return absl::InvalidArgumentError("this format can only be read");
}

}  // namespace replsim::history
