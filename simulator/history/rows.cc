#include "simulator/history/rows.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/suggest.h"
#include "simulator/history/datum_reader.h"
#include "simulator/history/file_place.h"
#include "simulator/history/interner.h"

namespace replsim::history {
namespace {

constexpr size_t kNone = std::numeric_limits<size_t>::max();

// The shortest operation has two rows such as {:process 0, :type :ok, :f :read, :value 1}.
constexpr size_t kBytesPerOperation = 2 * 48;

// The contents of one row.
struct Said {
  uint32_t process = 0;  // Joiner::NumberOf()
  absl::string_view type;
  absl::string_view f;
  Datum key;
  Datum value;
  std::optional<int64_t> time;
  uint32_t line = 0;
};

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
    return ErrorAt(file_, said.type,
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
      return ErrorAt(
          file_, said.type,
          absl::StrCat(rows_.processes[process], " begins an operation while the one of line ",
                       rows_.rows[open_[process]].line, " is not answered"));
    }
    if (gone_[process] != 0) {
      return ErrorAt(file_, said.type,
                     absl::StrCat(rows_.processes[process], " goes on after :info in line ",
                                  gone_[process], ", after which its operation may still happen"));
    }
    open_[process] = rows_.rows.size();
    Row& row = rows_.rows.emplace_back();
    row.process = process;
    row.f = said.f;
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
      return ErrorAt(file_, said.type,
                     absl::StrCat(rows_.processes[process], " answers ':", said.type,
                                  "' without having begun anything"));
    }
    Row& row = rows_.rows[open];
    if (row.f != said.f) {
      return ErrorAt(file_, said.f,
                     absl::StrCat(rows_.processes[process], " answers ':", said.f,
                                  "' to the ':", row.f, "' of line ", row.line));
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

// The values of a row's keys. A key that the row does not have is null.
struct Fields {
  const Datum* process = nullptr;
  const Datum* type = nullptr;
  const Datum* f = nullptr;
  const Datum* value = nullptr;
  const Datum* key = nullptr;
  const Datum* time = nullptr;

  bool IsOfClient() const { return process == nullptr || process->kind() == Datum::Kind::kInteger; }
};

Fields FieldsOf(absl::Span<const Datum> items) {
  Fields fields;
  for (size_t i = 0; i + 1 < items.size(); i += 2) {
    const absl::string_view key = items[i].name();
    const Datum* const value = &items[i + 1];
    if (key == "process") {
      fields.process = value;
    } else if (key == "type") {
      fields.type = value;
    } else if (key == "f") {
      fields.f = value;
    } else if (key == "value") {
      fields.value = value;
    } else if (key == "key") {
      fields.key = value;
    } else if (key == "time" && value->kind() == Datum::Kind::kInteger) {
      fields.time = value;
    }
  }
  return fields;
}

// The value at the end of a log's line, without a value nil. Absent if it cannot be read.
std::optional<Datum> ReadLogValue(absl::string_view text, DatumArena* data) {
  DatumReader reader(text, "", DatumReader::Syntax::kEdn);
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
  if (text[0] == '[') return Datum(Datum::Kind::kSequence, 0, data->Copy(items));
  return items.empty() ? Datum() : items.front();
}

}  // namespace

absl::StatusOr<Rows> ReadJepsenRows(absl::string_view text, const std::string& name, bool json) {
  DatumReader reader(text, name, json ? DatumReader::Syntax::kJson : DatumReader::Syntax::kEdn);
  const FileText file{name, text};
  Joiner joiner(file);
  Datum datum;
  uint64_t left_out = 0;
  while (true) {
    const absl::StatusOr<bool> more = reader.Next(&datum);
    if (!more.ok()) return more.status();
    if (!*more) break;
    if (datum.kind() != Datum::Kind::kMap) {
      return reader.ErrorAtLast("expected a map such as {:process 0, :type :invoke, :f :read}");
    }
    const Fields fields = FieldsOf(datum.items());
    Said said;
    said.line = datum.line();
    if (fields.time != nullptr) said.time = fields.time->integer();
    if (!fields.IsOfClient()) {
      ++left_out;
      if (fields.f != nullptr) {
        joiner.AddFault(absl::StrCat(fields.process->ToText(), " ", fields.f->text()), said.time);
      }
      continue;
    }
    if (fields.type == nullptr || fields.type->text().data() == nullptr) {
      return reader.ErrorAtLast("a row without a name as :type");
    }
    if (fields.f == nullptr || fields.f->text().data() == nullptr) {
      return reader.ErrorAtLast("a row without a name as :f");
    }
    said.process =
        fields.process == nullptr ? joiner.NumberOf("?") : joiner.NumberOf(*fields.process);
    said.type = fields.type->text();
    said.f = fields.f->text();
    if (fields.key != nullptr) said.key = *fields.key;
    if (fields.value != nullptr) said.value = *fields.value;
    const absl::Status status = joiner.Add(said);
    if (!status.ok()) return status;
  }
  Rows rows = joiner.Done();
  rows.left_out = left_out;
  return rows;
}

absl::StatusOr<Rows> ReadJepsenLogRows(absl::string_view text, const std::string& name) {
  const FileText file{name, text};
  Joiner joiner(file);
  DatumArena data;  // of the current line
  uint32_t number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty()) continue;
    const size_t dash = line.find(" - ");
    if (dash == absl::string_view::npos) {
      return ErrorAt(file, line,
                     "expected a line such as 'INFO  jepsen.util - 0 :invoke :read nil'");
    }
    const std::vector<absl::string_view> words =
        absl::StrSplit(line.substr(dash + 3), absl::ByAnyChar(" \t"), absl::SkipEmpty());
    int64_t process = 0;
    // Jepsen also logs the actions of its nemesis.
    if (words.size() < 3 || !absl::SimpleAtoi(words[0], &process)) continue;
    Said said;
    said.process = joiner.NumberOf(words[0]);
    said.type = words[1].substr(words[1][0] == ':' ? 1 : 0);
    said.f = words[2].substr(words[2][0] == ':' ? 1 : 0);
    said.line = number;
    data.Clear();
    if (words.size() > 3) {
      const char* const from = words[3].data();
      const absl::string_view rest(from, static_cast<size_t>(line.end() - from));
      const std::optional<Datum> value = ReadLogValue(rest, &data);
      if (!value) {
        return ErrorAt(file, rest, "the value cannot be read");
      }
      said.value = *value;
    }
    const absl::Status status = joiner.Add(said);
    if (!status.ok()) return status;
  }
  return joiner.Done();
}

}  // namespace replsim::history
