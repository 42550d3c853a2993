#include "simulator/history/rows.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/suggest.h"
#include "simulator/history/datum_reader.h"
#include "simulator/history/file_place.h"
#include "simulator/history/interner.h"
#include "simulator/history/row_fields.h"

namespace replsim::history {
namespace {

constexpr size_t kNone = std::numeric_limits<size_t>::max();

// The shortest operation has two rows such as {:process 0, :type :ok, :f :read, :value 1}.
constexpr size_t kBytesPerOperation = 2 * 48;

// The contents of one row.
struct Said {
  uint32_t process = 0;  // Joiner::NumberOf()
  absl::string_view type;
  absl::string_view f;  // empty: the row does not say
  const char* type_place = nullptr;
  const char* f_place = nullptr;  // that of the row if it has no f
  Datum key;
  Datum value;
  std::optional<int64_t> time;
  uint32_t line = 0;
};

// The process of rows without :process. They are of one client if its operations do not overlap.
constexpr absl::string_view kNobody = "?";

constexpr absl::string_view kTransactionFunction = "txn";

bool IsTransaction(const Datum& value) {
  return value.kind() == Datum::Kind::kSequence &&
         std::all_of(value.items().begin(), value.items().end(),
                     [](const Datum& item) { return item.IsStep(); });
}

bool IsChange(absl::string_view f) {
  return f == "write" || f == "w" || f == "cas" || f == "add" || f == "put" || f == "append";
}

// Whether the answer to the operation names another change than its invocation. An answer of
// another type is a remark of the client, such as :done.
bool IsAnotherChange(const Row& row, const Datum& answer) {
  const Datum& invoked = row.invoked;
  if (row.f == "read" || answer.IsNil() || answer.kind() != invoked.kind()) return false;
  if (answer == invoked) return false;
  if (!IsTransaction(invoked)) return IsChange(row.f);
  if (answer.items().size() != invoked.items().size()) return true;
  for (size_t i = 0; i < invoked.items().size(); ++i) {
    const absl::Span<const Datum> asked = invoked.items()[i].items();
    const Datum& done = answer.items()[i];
    if (!done.IsStep() || !done.items()[0].Is(asked[0].name())) return true;
    if (!(done.items()[1] == asked[1])) return true;
    if (!asked[0].Is("r") && !(done.items()[2] == asked[2])) return true;
  }
  return false;
}

// Joins the row that begins an operation with the row that ends it.
class Joiner {
 public:
  // `file` must outlive this object.
  explicit Joiner(const FileText& file) : file_(file) {
    const size_t bytes = file.text.size();
    // Memory that is reserved here and not used takes no time, unlike moving the rows as they grow.
    rows_.rows.reserve(bytes / kBytesPerOperation);
    begins_.reserve(bytes / kBytesPerOperation);
    ends_.reserve(bytes / kBytesPerOperation);
  }

  // The number of a process, whose name is an integer or a text.
  template <typename Name>
  uint32_t NumberOf(const Name& name) {
    const auto number = static_cast<uint32_t>(processes_.NumberOf(name));
    if (number == open_.size()) {
      open_.push_back(kNone);
      gone_.push_back(0);
      rows_.processes.push_back(absl::StrCat("process ", names_[number]));
    }
    return number;
  }

  // Copies the values of `said` that are kept.
  absl::Status Add(const Said& said) {
    ++at_;
    const int64_t time = TimeOf(said);
    if (said.type == "invoke") return Begin(time, said);
    if (said.type == "ok") return End(time, Row::End::kOk, said);
    if (said.type == "fail") return End(time, Row::End::kFail, said);
    if (said.type == "info") return End(time, Row::End::kInfo, said);
    return ErrorAt(file_, said.type_place,
                   absl::StrCat("unknown type '", said.type, "'",
                                Suggest(said.type, {"invoke", "ok", "fail", "info"})));
  }

  // Adds a row of a process that is not a client. The first row with a text begins a fault, the
  // next one with the same text ends it.
  void AddFault(std::string text, std::optional<int64_t> time) {
    const Instant now{time.value_or(time_), at_};
    for (Fault& fault : faults_) {
      if (fault.end || fault.text != text) continue;
      fault.end = now;
      return;
    }
    faults_.push_back({std::move(text), now, std::nullopt});
  }

  Rows Done() {
    rows_.has_times = rows_.has_times && !without_time_;
    for (Fault& fault : faults_) {
      const auto at = [this](const Instant& instant) {
        return rows_.has_times ? instant.time : instant.row;
      };
      // A fault without an end is shown as an instant.
      rows_.faults.push_back(
          {at(fault.begin), at(fault.end.value_or(fault.begin)), std::move(fault.text)});
    }
    if (!rows_.has_times) {
      for (size_t i = 0; i < rows_.rows.size(); ++i) {
        rows_.rows[i].begin = begins_[i];
        if (rows_.rows[i].ended != Row::End::kNone) rows_.rows[i].end = ends_[i];
      }
    }
    return std::move(rows_);
  }

 private:
  struct Instant {
    int64_t time = 0;
    int64_t row = 0;
  };
  struct Fault {
    std::string text;
    Instant begin;
    std::optional<Instant> end;
  };

  // The order of the rows is the order of time: a time that is not later than the previous row's is
  // moved up.
  int64_t TimeOf(const Said& said) {
    if (!said.time) {
      without_time_ = true;
      return at_;
    }
    rows_.has_times = true;
    time_ = std::max(time_ + 1, *said.time);
    return time_;
  }

  absl::Status Begin(int64_t time, const Said& said) {
    const uint32_t process = said.process;
    if (open_[process] != kNone) {
      if (names_[process] == kNobody) {
        return ErrorAt(file_, said.type_place,
                       absl::StrCat("a row without :process begins an operation while the one of "
                                    "line ",
                                    rows_.rows[open_[process]].line,
                                    " is not answered; expected the client as :process"));
      }
      return ErrorAt(
          file_, said.type_place,
          absl::StrCat(rows_.processes[process], " begins an operation while the one of line ",
                       rows_.rows[open_[process]].line, " is not answered"));
    }
    if (gone_[process] != 0) {
      return ErrorAt(file_, said.type_place,
                     absl::StrCat(rows_.processes[process], " goes on after :info in line ",
                                  gone_[process], ", after which its operation may still happen"));
    }
    // Histories for Elle may leave out :f, since all their operations are transactions.
    if (said.f.empty() && !IsTransaction(said.value)) {
      return ErrorAt(file_, said.f_place,
                     "a row without :f; expected one such as :f :read, or the steps of a "
                     "transaction as :value, such as [[:r x nil] [:append y 1]]");
    }
    open_[process] = rows_.rows.size();
    Row& row = rows_.rows.emplace_back();
    row.process = process;
    row.f = said.f.empty() ? kTransactionFunction : said.f;
    row.f_place = said.f_place;
    row.key = rows_.data.Keep(said.key);
    row.invoked = rows_.data.Keep(said.value);
    row.value = row.invoked;
    row.begin = time;
    row.line = said.line;
    begins_.push_back(at_);
    ends_.push_back(0);
    return absl::OkStatus();
  }

  absl::Status End(int64_t time, Row::End ended, const Said& said) {
    const uint32_t process = said.process;
    const size_t open = std::exchange(open_[process], kNone);
    if (open == kNone) {
      // A process may write an :info row without an invocation.
      if (ended == Row::End::kInfo) return absl::OkStatus();
      return ErrorAt(file_, said.type_place,
                     absl::StrCat(rows_.processes[process], " answers ':", said.type,
                                  "' without having begun anything"));
    }
    Row& row = rows_.rows[open];
    if (row.f != said.f && !said.f.empty()) {
      return ErrorAt(file_, said.f_place,
                     absl::StrCat(rows_.processes[process], " answers ':", said.f,
                                  "' to the ':", row.f, "' of line ", row.line));
    }
    if (ended == Row::End::kOk && IsAnotherChange(row, said.value)) {
      return ErrorAt(
          file_, said.value.place(),
          absl::StrCat(rows_.processes[process], " answers with ", said.value.ToText(),
                       " to the ':", row.f, "' of ", row.invoked.ToText(), " in line ", row.line));
    }
    row.ended = ended;
    row.end = time;
    row.end_line = said.line;
    ends_[open] = at_;
    if (ended == Row::End::kInfo) {
      gone_[process] = said.line;
    } else if (!said.value.IsNil() || row.f == "read" || row.f == "get") {
      row.value = rows_.data.Keep(said.value);
    }
    return absl::OkStatus();
  }

  const FileText file_;
  Rows rows_;
  std::vector<Fault> faults_;
  std::vector<std::string> names_;  // of the processes
  Interner processes_{&names_};
  std::vector<size_t> open_;     // by process: the row of its open operation; kNone: none
  std::vector<uint32_t> gone_;   // by process: the line of its :info; 0: none
  std::vector<int64_t> begins_;  // by row: number of its first row in the file
  std::vector<int64_t> ends_;
  int64_t at_ = 0;
  int64_t time_ = std::numeric_limits<int64_t>::min();
  bool without_time_ = false;
};

// The message of a line that the logger of operations wrote; absent for any other line. Between its
// name and the message stands "-", ":" or nothing, depending on Jepsen's version.
std::optional<absl::string_view> MessageOfOperation(absl::string_view line) {
  const size_t logger = line.find(kOperationLogger);
  if (logger == absl::string_view::npos) return std::nullopt;
  line.remove_prefix(logger + kOperationLogger.size());
  absl::ConsumePrefix(&line, ":");
  line = absl::StripLeadingAsciiWhitespace(line);
  absl::ConsumePrefix(&line, "- ");
  return line;
}

// The value at the end of a log's line, without a value nil. Absent if it cannot be read.
std::optional<Datum> ReadLogValue(absl::string_view text, DatumArena* data,
                                  std::deque<std::string>* decoded) {
  DatumReader reader(text, "", DatumReader::Syntax::kEdn, decoded);
  // DatumReader would take a leading vector for the one around all values, so its items are
  // collected.
  std::vector<Datum> items;
  Datum datum;
  while (true) {
    const absl::StatusOr<bool> more = reader.Next(&datum);
    if (!more.ok()) return std::nullopt;
    if (!*more) break;
    items.push_back(data->Keep(datum));
  }
  if (text[0] == '[') return Datum(Datum::Kind::kSequence, 0, data->Copy(items), text.data());
  return items.empty() ? Datum() : items.front();
}

}  // namespace

absl::StatusOr<Rows> ReadJepsenRows(absl::string_view text, const std::string& name, bool json) {
  std::deque<std::string> decoded;
  DatumReader reader(text, name, json ? DatumReader::Syntax::kJson : DatumReader::Syntax::kEdn,
                     &decoded);
  const FileText file{name, text};
  Joiner joiner(file);
  Datum datum;
  uint64_t left_out = 0;
  while (true) {
    const absl::StatusOr<bool> more = reader.Next(&datum);
    if (!more.ok()) return more.status();
    if (!*more) break;
    if (datum.kind() != Datum::Kind::kMap) {
      return ErrorAt(file, datum.place(),
                     "expected a map such as {:process 0, :type :invoke, :f :read}");
    }
    const RowFields fields = FieldsOf(datum.items());
    Said said;
    said.line = datum.line();
    if (fields.time != nullptr) {
      int64_t time = 0;
      if (!ReadTime(*fields.time, &time)) {
        return ErrorAt(
            file, fields.time->place(),
            absl::StrCat("expected :time in whole nanoseconds, closer to 0 than 2^62; read '",
                         fields.time->ToText(), "'"));
      }
      said.time = time;
    }
    if (!fields.IsOfClient()) {
      ++left_out;
      if (fields.f != nullptr) {
        const Datum& process = *fields.process;
        joiner.AddFault(absl::StrCat(process.name().empty() ? process.ToText() : process.name(),
                                     " ", fields.f->text()),
                        said.time);
      }
      continue;
    }
    if (fields.type == nullptr) {
      return ErrorAt(file, datum.place(),
                     "a row without :type; expected one such as :type :invoke");
    }
    said.type = fields.type->name();
    said.type_place = fields.type->place();
    if (said.type.empty()) {
      return ErrorAt(file, said.type_place,
                     absl::StrCat("expected a name as :type, such as :invoke; read '",
                                  fields.type->ToText(), "'"));
    }
    said.f_place = datum.place();
    if (fields.f != nullptr) {
      said.f = fields.f->name();
      said.f_place = fields.f->place();
      if (said.f.empty()) {
        return ErrorAt(
            file, said.f_place,
            absl::StrCat("expected a name as :f, such as :read; read '", fields.f->ToText(), "'"));
      }
    }
    said.process =
        fields.process == nullptr ? joiner.NumberOf(kNobody) : joiner.NumberOf(*fields.process);
    if (fields.key != nullptr) said.key = *fields.key;
    if (fields.value != nullptr) said.value = *fields.value;
    const absl::Status status = joiner.Add(said);
    if (!status.ok()) return status;
  }
  Rows rows = joiner.Done();
  rows.left_out = left_out;
  rows.decoded = std::move(decoded);
  return rows;
}

absl::StatusOr<Rows> ReadJepsenLogRows(absl::string_view text, const std::string& name) {
  const FileText file{name, text};
  Joiner joiner(file);
  DatumArena data;  // of the current line
  std::deque<std::string> decoded;
  uint32_t number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    const std::optional<absl::string_view> message = MessageOfOperation(line);
    if (!message) continue;
    const std::vector<absl::string_view> words =
        absl::StrSplit(*message, absl::ByAnyChar(" \t"), absl::SkipEmpty());
    int64_t process = 0;
    // Jepsen also logs the actions of its nemesis.
    if (words.size() < 3 || !absl::SimpleAtoi(words[0], &process)) continue;
    Said said;
    said.process = joiner.NumberOf(words[0]);
    said.type = words[1].substr(words[1][0] == ':' ? 1 : 0);
    said.f = words[2].substr(words[2][0] == ':' ? 1 : 0);
    said.type_place = said.type.data();
    said.f_place = said.f.data();
    said.line = number;
    data.Clear();
    if (words.size() > 3) {
      const char* const from = words[3].data();
      const absl::string_view rest(from, static_cast<size_t>(line.end() - from));
      const std::optional<Datum> value = ReadLogValue(rest, &data, &decoded);
      if (!value) {
        return ErrorAt(file, from, "the value cannot be read");
      }
      said.value = *value;
    }
    const absl::Status status = joiner.Add(said);
    if (!status.ok()) return status;
  }
  Rows rows = joiner.Done();
  rows.decoded = std::move(decoded);
  return rows;
}

}  // namespace replsim::history
