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

// A process whose operation was never answered is not used again: its client continues as a new
// process.
template <typename Item>
std::string WriteJepsen(const History& history, const std::vector<Item>& items) {
  std::vector<uint64_t> process(history.processes.size());
  for (size_t i = 0; i < process.size(); ++i) process[i] = i;
  std::string out;
  uint64_t index = 0;
  for (const Row& row : RowsOf(items)) {
    const Item& item = items[row.index];
    const auto write = [&](const char* type) {
      absl::StrAppend(&out, "{:index ", index++, ", :time ", row.time - history.origin, ", :type ",
                      type, ", :process ", process[row.process], ", ",
                      JepsenBody(history, item, row.is_end), "}\n");
    };
    write(!row.is_end ? ":invoke" : item.outcome == Outcome::kNo ? ":fail" : ":ok");
    if (item.end != kNever) continue;
    write(":info");
    process[row.process] += process.size();
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

// Writes the fields in the order that Porcupine's reader expects. An unanswered operation has only
// its :invoke row.
std::string WriteKv(const History& history) {
  std::string out;
  for (const Row& row : RowsOf(history.operations)) {
    const Operation& operation = history.operations[row.index];
    const bool read = operation.kind == Kind::kRead;
    const std::string value = KvValue(history, operation.value);
    absl::StrAppend(&out, "{:process ", operation.process, ", :type ",
                    row.is_end ? ":ok" : ":invoke", ", :f ", KvFunction(operation), ", :key \"",
                    operation.key, "\", :value ",
                    read && !row.is_end ? "nil" : absl::StrCat("\"", value, "\""), "}\n");
  }
  return out;
}

// The transactions of one process, in its order, each with its steps.
using Session = std::vector<std::vector<Step>>;

// Each operation is its own transaction. Contains what was answered, and the unanswered writes that
// were read.
std::vector<Session> Sessions(const History& history) {
  std::vector<bool> read(history.values.size(), false);
  const auto note = [&read](const Step& step) {
    if (step.kind == Kind::kRead) read[static_cast<size_t>(step.value)] = true;
  };
  for (const Operation& operation : history.operations) {
    note({operation.kind, operation.key, operation.value});
  }
  for (const Step& step : history.steps) note(step);
  std::vector<Session> sessions(history.processes.size());
  const auto add = [&](uint32_t process, int64_t end, std::vector<Step> steps) {
    const bool was_read = std::any_of(steps.begin(), steps.end(), [&read](const Step& step) {
      return read[static_cast<size_t>(step.value)];
    });
    if (end != kNever || was_read) sessions[process].push_back(std::move(steps));
  };
  for (const Operation& operation : history.operations) {
    add(operation.process, operation.end, {{operation.kind, operation.key, operation.value}});
  }
  for (const Transaction& transaction : history.transactions) {
    const absl::Span<const Step> steps = StepsOf(history, transaction);
    add(transaction.session, transaction.end, {steps.begin(), steps.end()});
  }
  std::erase_if(sessions, [](const Session& session) { return session.empty(); });
  return sessions;
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
