// Interprets the rows of a Jepsen history according to the operations of its clients.
#include <algorithm>
#include <deque>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/suggest.h"
#include "simulator/history/datum_reader.h"
#include "simulator/history/file_place.h"
#include "simulator/history/interner.h"
#include "simulator/history/read_history.h"
#include "simulator/history/rows.h"

namespace replsim::history {
namespace {

bool IsLongMicroOp(const Datum& datum) {
  return datum.IsSequenceOf(3) && (datum.items()[0].Is("read") || datum.items()[0].Is("write"));
}

// Derives the model from the operations of a file.
Model FindModel(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    const bool list = row.invoked.kind() == Datum::Kind::kSequence && !row.invoked.items().empty();
    if (row.f == "transfer") return Model::kBank;
    if (row.f == "read" && row.value.kind() == Datum::Kind::kMap) return Model::kBank;
    if (row.f == "add") return Model::kSet;
    if (row.f == "get" || row.f == "put") return Model::kKvAppend;
    if (row.f == "append" && !row.key.IsNil()) return Model::kKvAppend;
    if (!list) continue;
    if (IsLongMicroOp(row.invoked.items()[0])) return Model::kMultiRegister;
    if (!row.invoked.items()[0].IsStep()) continue;
    if (row.f == "read" || row.f == "write") return Model::kLongFork;
    for (const Row& other : rows) {
      for (const Datum& item : other.invoked.items()) {
        if (item.items().size() == 3 && item.items()[0].Is("append")) return Model::kListAppend;
      }
    }
    return Model::kTransactions;
  }
  return Model::kRegister;
}

class JepsenReader {
 public:
  // `file` must outlive this object.
  JepsenReader(Rows rows, const FileText& file, Format format, const ReadOptions& options)
      : rows_(std::move(rows)),
        file_(file),
        options_(options),
        failed_is_answer_(options.failed_cas_is_answer.value_or(format == Format::kJepsenLog)),
        nil_is_empty_(options.nil_is_empty.value_or(format == Format::kJepsenLog)),
        keys_(&history_.keys),
        values_(&history_.values) {
    history_.name = std::string(file.name);
  }

  absl::StatusOr<History> Read() {
    history_.model = options_.model.value_or(FindModel(rows_.rows));
    history_.has_times = rows_.has_times;
    history_.processes = rows_.processes;
    history_.faults = rows_.faults;
    FindIndependentKeys();
    if (history_.model == Model::kRegister) history_.operations.reserve(rows_.rows.size());
    for (const Row& row : rows_.rows) {
      const absl::Status status = ReadRow(row);
      if (!status.ok()) return status;
    }
    if (options_.initial) history_.initial = InitialOf(*options_.initial);
    if (history_.model == Model::kTransactions) LeaveOutForeignReads();
    Assume();
    return std::move(history_);
  }

 private:
  // An error at the operation's name.
  absl::Status Error(const Row& row, absl::string_view what) const {
    return ErrorAt(file_, row.f_place, what);
  }
  // An error at a value, or at the operation's name if the file has no such value.
  absl::Status ErrorIn(const Row& row, const Datum& value, absl::string_view what) const {
    return ErrorAt(file_, value.place() == nullptr ? row.f_place : value.place(), what);
  }
  absl::Status Unknown(const Row& row, const std::vector<std::string>& known) const {
    return Error(row, absl::StrCat("unknown operation ':", row.f, "'", Suggest(row.f, known)));
  }

  static bool IsPair(const Datum& datum) { return datum.IsSequenceOf(2); }

  // Detects values of the form [key value], as jepsen.independent writes them: all writes and all
  // values read must be pairs.
  void FindIndependentKeys() {
    bool is_decided = false;
    for (const Row& row : rows_.rows) {
      const bool is_write = row.f == "write" || row.f == "add";
      if ((is_write || row.f == "read") && !row.value.IsNil() && !IsPair(row.value)) {
        independent_ = false;
        return;
      }
      if (is_decided) continue;
      if (is_write) {
        independent_ = true;
        is_decided = !IsPair(row.invoked);
      } else if (row.f == "cas" && IsPair(row.invoked) && IsPair(row.invoked.items()[1])) {
        independent_ = true;
      }
    }
  }

  absl::Status ReadRow(const Row& row) {
    switch (history_.model) {
      case Model::kRegister:
        return ReadRegister(row);
      case Model::kKvAppend:
        return ReadKv(row);
      case Model::kBank:
        return ReadBank(row);
      case Model::kSet:
        return ReadSet(row);
      case Model::kMultiRegister:
      case Model::kTransactions:
      case Model::kListAppend:
      case Model::kLongFork:
        return ReadTransaction(row);
    }
    return absl::OkStatus();
  }

  Value ValueOf(const Datum& datum) { return datum.IsNil() ? kNil : values_.NumberOf(datum); }
  uint32_t KeyOf(const Datum& datum) { return static_cast<uint32_t>(keys_.NumberOf(datum)); }

  // Key-value stores with append hold plain texts, not data.
  static std::string PlainTextOf(const Datum& datum) {
    return datum.kind() == Datum::Kind::kString ? std::string(datum.text()) : datum.ToText();
  }

  // The value that a user wrote as `text`: in EDN, or as a string of the file without its quotes.
  // To be called after all rows were read.
  Value InitialOf(const std::string& text) {
    if (history_.model == Model::kKvAppend) return values_.NumberOf(text);
    const std::string quoted = Datum(Datum::Kind::kString, 0, text).ToText();
    std::deque<std::string> decoded;
    const std::string list = absl::StrCat("[", text, "]");
    DatumReader reader(list, "--init", DatumReader::Syntax::kEdn, &decoded);
    Datum datum;
    const absl::StatusOr<bool> is_datum = reader.Next(&datum);
    const std::string read = is_datum.ok() && *is_datum ? datum.ToText() : quoted;
    return values_.NumberOf(values_.Has(read) || !values_.Has(quoted) ? read : quoted);
  }

  static int64_t EndOf(const Row& row) { return row.ended == Row::End::kOk ? row.end : kNever; }

  Operation& AddOperation(const Row& row, Kind kind, uint32_t key) {
    Operation& operation = history_.operations.emplace_back();
    operation.begin = row.begin;
    operation.end = EndOf(row);
    operation.kind = kind;
    operation.key = key;
    operation.process = row.process;
    operation.line = row.line;
    operation.end_line = row.end_line;
    operation.outcome = row.ended == Row::End::kOk ? Outcome::kYes : Outcome::kUnknown;
    if (operation.outcome == Outcome::kUnknown) ++pending_;
    return operation;
  }

  // Splits the values of an operation into the key and the rest.
  uint32_t SplitKey(const Row& row, const Datum** invoked, const Datum** value) {
    *invoked = &row.invoked;
    *value = &row.value;
    if (!row.key.IsNil()) return KeyOf(row.key);
    if (!independent_) return static_cast<uint32_t>(keys_.NumberOf(""));
    const Datum* pair = row.invoked.items().size() == 2 ? &row.invoked : nullptr;
    if (IsPair(row.value)) {
      *value = &row.value.items()[1];
      if (pair == nullptr) pair = &row.value;
    } else {
      *value = &nil_;
    }
    *invoked = pair == nullptr ? &nil_ : &pair->items()[1];
    return pair == nullptr ? static_cast<uint32_t>(keys_.NumberOf("")) : KeyOf(pair->items()[0]);
  }

  // An object is a mutex, which is acquired and released, or a register.
  absl::Status CheckObject(const Row& row) {
    const auto of_mutex = [](const Row& one) { return one.f == "acquire" || one.f == "release"; };
    if (options_.is_mutex && !of_mutex(row)) {
      return Error(row, absl::StrCat("':", row.f,
                                     "' is no operation of a mutex (--model mutex); "
                                     "expected acquire or release"));
    }
    const Row& first = rows_.rows.front();
    if (of_mutex(row) == of_mutex(first)) return absl::OkStatus();
    return Error(
        row, absl::StrCat("':", row.f, "' in a file with the ':", first.f, "' of line ", first.line,
                          "; expected operations of a mutex or of a register"));
  }

  absl::Status ReadRegister(const Row& row) {
    if (const absl::Status status = CheckObject(row); !status.ok()) return status;
    const Datum* invoked = nullptr;
    const Datum* value = nullptr;
    const uint32_t key = SplitKey(row, &invoked, &value);
    if (row.f == "read" || row.f == "r") {
      if (row.ended != Row::End::kOk) return absl::OkStatus();
      if (value->IsNil() && !nil_is_empty_) {
        ++unknown_reads_;
        return absl::OkStatus();
      }
      AddOperation(row, Kind::kRead, key).value = value->IsNil() ? kNil : ValueOf(*value);
      return absl::OkStatus();
    }
    if (row.f == "write" || row.f == "w") {
      if (row.ended != Row::End::kFail) {
        AddOperation(row, Kind::kWrite, key).value = ValueOf(*invoked);
      }
      return absl::OkStatus();
    }
    if (row.f == "acquire" || row.f == "release") {
      if (row.ended == Row::End::kFail) return absl::OkStatus();
      Operation& operation = AddOperation(row, Kind::kCas, key);
      const Value held = values_.NumberOf("held");
      operation.expected = row.f == "acquire" ? kNil : held;
      operation.value = row.f == "acquire" ? held : kNil;
      return absl::OkStatus();
    }
    if (row.f != "cas") {
      return Unknown(row, {"read", "write", "cas", "acquire", "release", "get", "put", "append",
                           "txn", "transfer", "add"});
    }
    if (!IsPair(*invoked)) {
      return ErrorIn(row, *invoked, "expected the value of a cas as [expected new]");
    }
    if (row.ended == Row::End::kFail && !failed_is_answer_) {
      ++failed_;
      return absl::OkStatus();
    }
    Operation& operation = AddOperation(row, Kind::kCas, key);
    operation.expected = ValueOf(invoked->items()[0]);
    operation.value = ValueOf(invoked->items()[1]);
    if (row.ended == Row::End::kFail) {
      --pending_;
      ++failed_;
      operation.outcome = Outcome::kNo;
      operation.end = row.end;
    }
    return absl::OkStatus();
  }

  absl::Status ReadKv(const Row& row) {
    if (row.ended == Row::End::kFail) return absl::OkStatus();
    const auto key = static_cast<uint32_t>(keys_.NumberOf(PlainTextOf(row.key)));
    if (row.f == "get") {
      if (row.ended != Row::End::kOk) return absl::OkStatus();
      AddOperation(row, Kind::kRead, key).value =
          values_.NumberOf(row.value.IsNil() ? "" : PlainTextOf(row.value));
    } else if (row.f == "put") {
      AddOperation(row, Kind::kWrite, key).value = values_.NumberOf(PlainTextOf(row.invoked));
    } else if (row.f == "append") {
      AddOperation(row, Kind::kAppend, key).value = values_.NumberOf(PlainTextOf(row.invoked));
    } else {
      return Unknown(row, {"get", "put", "append"});
    }
    return absl::OkStatus();
  }

  absl::Status ReadBank(const Row& row) {
    if (row.f != "read" || row.ended != Row::End::kOk) return absl::OkStatus();
    if (row.value.IsNil()) {
      ++unknown_reads_;
      return absl::OkStatus();
    }
    if (row.value.kind() != Datum::Kind::kMap) {
      return ErrorIn(row, row.value, "expected a map of balances, account by account");
    }
    Snapshot& snapshot = AddSnapshot(row);
    for (size_t i = 0; i + 1 < row.value.items().size(); i += 2) {
      const Datum& amount = row.value.items()[i + 1];
      if (amount.IsNil()) {
        snapshot.balances.emplace_back(KeyOf(row.value.items()[i]), std::nullopt);
        continue;
      }
      if (amount.kind() != Datum::Kind::kInteger) {
        return ErrorIn(row, amount,
                       absl::StrCat("expected a balance in whole numbers of 64 bits, read '",
                                    amount.ToText(), "'"));
      }
      snapshot.balances.emplace_back(KeyOf(row.value.items()[i]), amount.integer());
    }
    return absl::OkStatus();
  }

  Snapshot& AddSnapshot(const Row& row) {
    Snapshot& snapshot = history_.snapshots.emplace_back();
    snapshot.begin = row.begin;
    snapshot.end = row.end;
    snapshot.line = row.line;
    snapshot.process = row.process;
    return snapshot;
  }

  absl::Status ReadSet(const Row& row) {
    const Datum* invoked = nullptr;
    const Datum* value = nullptr;
    const uint32_t key = SplitKey(row, &invoked, &value);
    if (row.f == "add") {
      if (row.ended != Row::End::kFail) {
        AddOperation(row, Kind::kAppend, key).value = ValueOf(*invoked);
      }
      return absl::OkStatus();
    }
    if (row.f != "read") return Unknown(row, {"add", "read"});
    if (row.ended != Row::End::kOk || value->IsNil()) return absl::OkStatus();
    if (value->kind() == Datum::Kind::kInteger || value->kind() == Datum::Kind::kNumber) {
      return ErrorIn(row, *value,
                     absl::StrCat("a read of ", value->ToText(),
                                  " where ':add's are: a counter, which replsim does not judge; "
                                  "of a set, expected its elements, such as [1 2]"));
    }
    if (!value->IsList()) {
      return ErrorIn(row, *value,
                     absl::StrCat("expected the elements of the set that was read, such as [1 2]; "
                                  "read '",
                                  value->ToText(), "'"));
    }
    Snapshot& snapshot = AddSnapshot(row);
    snapshot.key = key;
    for (const Datum& element : value->items()) snapshot.elements.push_back(ValueOf(element));
    return absl::OkStatus();
  }

  absl::Status ReadTransaction(const Row& row) {
    const bool answered = row.ended == Row::End::kOk;
    const Datum& list = answered ? row.value : row.invoked;
    if (list.kind() != Datum::Kind::kSequence) {
      return ErrorIn(row, list, "expected the steps of a transaction, such as [[:r x 1] [:w y 2]]");
    }
    Transaction transaction;
    transaction.begin = row.begin;
    transaction.end = EndOf(row);
    transaction.session = row.process;
    transaction.line = row.line;
    transaction.first = static_cast<uint32_t>(history_.steps.size());
    transaction.outcome = answered                       ? Outcome::kYes
                          : row.ended == Row::End::kFail ? Outcome::kNo
                                                         : Outcome::kUnknown;
    if (transaction.outcome == Outcome::kUnknown) ++pending_;
    for (const Datum& item : list.items()) {
      if (!item.IsStep() && !IsLongMicroOp(item)) {
        return ErrorIn(row, item,
                       absl::StrCat("expected a step such as [:r x 1], read ", item.ToText()));
      }
      const Datum& what = item.items()[0];
      const bool read = what.Is("r") || what.Is("read");
      if (read && !answered) continue;
      const Datum& value = item.items().size() == 3 ? item.items()[2] : nil_;
      Step step;
      step.key = KeyOf(item.items()[1]);
      step.kind = read ? Kind::kRead : what.Is("append") ? Kind::kAppend : Kind::kWrite;
      if (read && history_.model == Model::kListAppend) {
        step.value = static_cast<Value>(history_.lists.size());
        std::vector<Value>& read_list = history_.lists.emplace_back();
        for (const Datum& element : value.items()) read_list.push_back(ValueOf(element));
      } else {
        step.value = ValueOf(value);
      }
      history_.steps.push_back(step);
    }
    transaction.count = static_cast<uint32_t>(history_.steps.size()) - transaction.first;
    history_.transactions.push_back(transaction);
    return absl::OkStatus();
  }

  // Leaves out reads of values that no transaction of the file wrote. As in Elle, such a value
  // comes from a write that the file does not contain.
  void LeaveOutForeignReads() {
    absl::flat_hash_set<uint64_t> written;
    const auto name = [](const Step& step) {
      return (static_cast<uint64_t>(step.key) << 32) | static_cast<uint32_t>(step.value);
    };
    for (const Step& step : history_.steps) {
      if (step.kind != Kind::kRead) written.insert(name(step));
    }
    std::vector<Step> kept;
    for (Transaction& transaction : history_.transactions) {
      const auto first = static_cast<uint32_t>(kept.size());
      for (uint32_t i = 0; i < transaction.count; ++i) {
        const Step& step = history_.steps[transaction.first + i];
        if (step.kind == Kind::kRead && step.value != history_.initial &&
            !written.contains(name(step))) {
          ++foreign_reads_;
        } else {
          kept.push_back(step);
        }
      }
      transaction.first = first;
      transaction.count = static_cast<uint32_t>(kept.size()) - first;
    }
    history_.steps = std::move(kept);
  }

  void Assume() {
    const auto assume = [this](uint64_t count, absl::string_view what) {
      if (count > 0) history_.assumptions.push_back(absl::StrCat(count, " ", what));
    };
    assume(pending_, "never answered: may have happened at any time since their begin, or never");
    assume(unknown_reads_, "reads of nil left out: not known what they saw (--nil empty: nothing)");
    assume(foreign_reads_, "reads of values that no transaction of the file wrote left out");
    assume(failed_, failed_is_answer_
                        ? "failed compare-and-sets: the value was another one (--fail no-op)"
                        : "failed compare-and-sets left out: did not happen (--fail answered)");
    assume(rows_.left_out, "rows of processes that are no clients left out");
    if (!history_.has_times) {
      history_.assumptions.push_back("no times: the order of the lines is the order of time");
    }
  }

  const Rows rows_;
  const FileText file_;
  const ReadOptions& options_;
  const bool failed_is_answer_;
  const bool nil_is_empty_;
  const Datum nil_;
  History history_;
  Interner keys_;
  Interner values_;
  bool independent_ = false;
  uint64_t pending_ = 0;
  uint64_t unknown_reads_ = 0;
  uint64_t failed_ = 0;
  uint64_t foreign_reads_ = 0;
};

}  // namespace

absl::StatusOr<History> ReadJepsen(absl::string_view text, const std::string& name, Format format,
                                   const ReadOptions& options) {
  absl::StatusOr<Rows> rows = format == Format::kJepsenLog
                                  ? ReadJepsenLogRows(text, name)
                                  : ReadJepsenRows(text, name, format == Format::kJson);
  if (!rows.ok()) return rows.status();
  return JepsenReader(*std::move(rows), {name, text}, format, options).Read();
}

}  // namespace replsim::history
