#include "simulator/history/write_history.h"

#include <algorithm>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace replsim::history {
namespace {

// The begin or the end of an operation.
struct Row {
  int64_t time = 0;
  bool is_end = false;
  const Operation* operation = nullptr;
};

// In order of time. At one instant begins come before ends, except for operations of one client.
std::vector<Row> RowsOf(const History& history) {
  std::vector<Row> rows;
  for (const Operation& operation : history.operations) {
    rows.push_back({operation.begin, false, &operation});
    if (operation.end != kNever) rows.push_back({operation.end, true, &operation});
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return a.time != b.time ? a.time < b.time : a.is_end < b.is_end;
  });
  // A client's next operation comes after its previous one.
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].is_end) continue;
    for (size_t j = i + 1; j < rows.size() && rows[j].time == rows[i].time; ++j) {
      const Operation& before = *rows[j].operation;
      if (!rows[j].is_end || before.process != rows[i].operation->process) continue;
      if (&before == rows[i].operation) continue;
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

// A process whose operation was never answered is not used again: its client continues as a new
// process.
std::string WriteJepsen(const History& history) {
  std::vector<uint64_t> process(history.processes.size());
  for (size_t i = 0; i < process.size(); ++i) process[i] = i;
  std::string out;
  uint64_t index = 0;
  for (const Row& row : RowsOf(history)) {
    const Operation& operation = *row.operation;
    const bool unknown = operation.end == kNever;
    const auto write = [&](const char* type) {
      absl::StrAppend(&out, "{:index ", index++, ", :time ", row.time - history.origin, ", :type ",
                      type, ", :process ", process[operation.process], ", :f ",
                      JepsenFunction(operation), ", :value [", operation.key, " ",
                      JepsenValue(operation, row.is_end), "]}\n");
    };
    write(!row.is_end ? ":invoke" : operation.outcome == Outcome::kNo ? ":fail" : ":ok");
    if (!unknown) continue;
    write(":info");
    process[operation.process] += process.size();
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
  for (const Row& row : RowsOf(history)) {
    const Operation& operation = *row.operation;
    const bool read = operation.kind == Kind::kRead;
    const std::string value = KvValue(history, operation.value);
    absl::StrAppend(&out, "{:process ", operation.process, ", :type ",
                    row.is_end ? ":ok" : ":invoke", ", :f ", KvFunction(operation), ", :key \"",
                    operation.key, "\", :value ",
                    read && !row.is_end ? "nil" : absl::StrCat("\"", value, "\""), "}\n");
  }
  return out;
}

// The operations of each process in its order, each as its own transaction: the answered ones, and
// the unanswered writes that were read.
std::vector<std::vector<const Operation*>> Sessions(const History& history) {
  std::vector<bool> read(history.values.size(), false);
  for (const Operation& operation : history.operations) {
    if (operation.kind == Kind::kRead) read[static_cast<size_t>(operation.value)] = true;
  }
  std::vector<std::vector<const Operation*>> sessions(history.processes.size());
  for (const Operation& operation : history.operations) {
    if (operation.end != kNever || read[static_cast<size_t>(operation.value)]) {
      sessions[operation.process].push_back(&operation);
    }
  }
  sessions.erase(std::remove_if(sessions.begin(), sessions.end(),
                                [](const auto& session) { return session.empty(); }),
                 sessions.end());
  return sessions;
}

std::string WritePlume(const History& history) {
  std::string out;
  size_t session = 0;
  size_t transaction = 0;
  for (const auto& operations : Sessions(history)) {
    for (const Operation* operation : operations) {
      absl::StrAppend(&out, operation->kind == Kind::kRead ? "r(" : "w(", operation->key, ",",
                      operation->value, ",", session, ",", transaction++, ")\n");
    }
    ++session;
  }
  return out;
}

std::string WriteDbcop(const History& history) {
  std::string out;
  for (const auto& operations : Sessions(history)) {
    if (!out.empty()) absl::StrAppend(&out, "---\n");
    for (const Operation* operation : operations) {
      const bool read = operation->kind == Kind::kRead;
      absl::StrAppend(&out, "[k", operation->key, read ? "==" : ":=",
                      operation->value == kNil ? "?" : absl::StrCat(operation->value), "]\n");
    }
  }
  return out;
}

// Why a history cannot be written in this format; null if it can.
const char* WhyNot(const History& history, Format format) {
  if (history.model == Model::kKvAppend && format != Format::kKv) {
    return "the history has appends, which only --to kv can express";
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
      return WriteJepsen(history);
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
