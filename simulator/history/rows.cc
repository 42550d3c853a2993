#include "simulator/history/rows.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "simulator/history/datum_reader.h"

namespace replsim::history {
namespace {

constexpr size_t kNone = std::numeric_limits<size_t>::max();

// The contents of one row.
struct Said {
  std::string process;
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
  explicit Joiner(std::string name) : name_(std::move(name)) {}

  absl::Status Add(Said said) {
    ++at_;
    const int64_t time = TimeOf(said);
    const auto [it, fresh] = processes_.emplace(said.process, static_cast<uint32_t>(open_.size()));
    if (fresh) {
      open_.push_back(kNone);
      gone_.push_back(0);
      rows_.processes.push_back(absl::StrCat("process ", said.process));
    }
    const uint32_t process = it->second;
    if (said.type == "invoke") return Begin(process, time, std::move(said));
    if (said.type == "ok") return End(process, time, Row::End::kOk, std::move(said));
    if (said.type == "fail") return End(process, time, Row::End::kFail, std::move(said));
    if (said.type == "info") return End(process, time, Row::End::kInfo, std::move(said));
    return Error(said.line,
                 absl::StrCat("unknown type '", said.type, "'; known: invoke, ok, fail, info"));
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

  absl::Status Error(uint32_t line, absl::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat(name_, ":", line, ": ", what));
  }

  absl::Status Begin(uint32_t process, int64_t time, Said said) {
    if (open_[process] != kNone) {
      return Error(said.line, absl::StrCat("process ", said.process,
                                           " begins an operation while the one of line ",
                                           rows_.rows[open_[process]].line, " is not answered"));
    }
    if (gone_[process] != 0) {
      return Error(said.line,
                   absl::StrCat("process ", said.process, " goes on after :info in line ",
                                gone_[process], ", after which its operation may still happen"));
    }
    open_[process] = rows_.rows.size();
    Row& row = rows_.rows.emplace_back();
    row.process = process;
    row.f = said.f;
    row.key = std::move(said.key);
    row.invoked = said.value;
    row.value = std::move(said.value);
    row.begin = time;
    row.line = said.line;
    begins_.push_back(at_);
    ends_.push_back(0);
    return absl::OkStatus();
  }

  absl::Status End(uint32_t process, int64_t time, Row::End ended, Said said) {
    const size_t open = std::exchange(open_[process], kNone);
    if (open == kNone) {
      // A process may write an :info row without an invocation.
      if (ended == Row::End::kInfo) return absl::OkStatus();
      return Error(said.line, absl::StrCat("process ", said.process, " answers ':", said.type,
                                           "' without having begun anything"));
    }
    Row& row = rows_.rows[open];
    if (row.f != said.f) {
      return Error(said.line, absl::StrCat("process ", said.process, " answers ':", said.f,
                                           "' to the ':", row.f, "' of line ", row.line));
    }
    row.ended = ended;
    row.end = time;
    row.end_line = said.line;
    ends_[open] = at_;
    if (ended == Row::End::kInfo) {
      gone_[process] = said.line;
    } else if (!said.value.IsNil() || row.f == "read" || row.f == "get") {
      row.value = std::move(said.value);
    }
    return absl::OkStatus();
  }

  const std::string name_;
  Rows rows_;
  std::vector<Fault> faults_;
  absl::flat_hash_map<std::string, uint32_t> processes_;
  std::vector<size_t> open_;     // by process: the row of its open operation; kNone: none
  std::vector<uint32_t> gone_;   // by process: the line of its :info; 0: none
  std::vector<int64_t> begins_;  // by row: number of its first row in the file
  std::vector<int64_t> ends_;
  int64_t at_ = 0;
  int64_t time_ = std::numeric_limits<int64_t>::min();
  bool without_time_ = false;
};

bool IsClient(const Datum* process) {
  return process == nullptr || process->kind == Datum::Kind::kInteger;
}

}  // namespace

absl::StatusOr<Rows> ReadJepsenRows(absl::string_view text, const std::string& name, bool json) {
  DatumReader reader(text, name, json ? DatumReader::Syntax::kJson : DatumReader::Syntax::kEdn);
  Joiner joiner(name);
  Datum datum;
  uint64_t left_out = 0;
  while (true) {
    const absl::StatusOr<bool> more = reader.Next(&datum);
    if (!more.ok()) return more.status();
    if (!*more) break;
    if (datum.kind != Datum::Kind::kMap) {
      return reader.ErrorAt(datum, "expected a map such as {:process 0, :type :invoke, :f :read}");
    }
    Said said;
    said.line = datum.line;
    const Datum* process = nullptr;
    const Datum* type = nullptr;
    const Datum* f = nullptr;
    for (size_t i = 0; i + 1 < datum.items.size(); i += 2) {
      const Datum& key = datum.items[i];
      Datum& value = datum.items[i + 1];
      if (key.Is("process")) process = &value;
      if (key.Is("type")) type = &value;
      if (key.Is("f")) f = &value;
      if (key.Is("value")) said.value = std::move(value);
      if (key.Is("key")) said.key = std::move(value);
      if (key.Is("time") && value.kind == Datum::Kind::kInteger) said.time = value.integer;
    }
    if (!IsClient(process)) {
      ++left_out;
      if (f != nullptr) {
        joiner.AddFault(absl::StrCat(process->ToText(), " ", f->text), said.time);
      }
      continue;
    }
    if (type == nullptr) return reader.ErrorAt(datum, "a row without :type");
    if (f == nullptr) return reader.ErrorAt(datum, "a row without :f");
    said.process = process == nullptr ? "?" : process->ToText();
    said.type = type->text;
    said.f = f->text;
    const absl::Status status = joiner.Add(std::move(said));
    if (!status.ok()) return status;
  }
  Rows rows = joiner.Done();
  rows.left_out = left_out;
  return rows;
}

absl::StatusOr<Rows> ReadJepsenLogRows(absl::string_view text, const std::string& name) {
  Joiner joiner(name);
  uint32_t number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty()) continue;
    const size_t dash = line.find(" - ");
    if (dash == absl::string_view::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat(name, ":", number,
                       ": expected a line such as 'INFO  jepsen.util - 0 :invoke :read nil'"));
    }
    const std::vector<absl::string_view> words =
        absl::StrSplit(line.substr(dash + 3), absl::ByAnyChar(" \t"), absl::SkipEmpty());
    int64_t process = 0;
    // Jepsen also logs the actions of its nemesis.
    if (words.size() < 3 || !absl::SimpleAtoi(words[0], &process)) continue;
    Said said;
    said.process = std::string(words[0]);
    said.type = words[1].substr(words[1][0] == ':' ? 1 : 0);
    said.f = words[2].substr(words[2][0] == ':' ? 1 : 0);
    said.line = number;
    if (words.size() > 3) {
      const char* const from = words[3].data();
      DatumReader reader(absl::string_view(from, static_cast<size_t>(line.end() - from)), name,
                         DatumReader::Syntax::kEdn);
      Datum datum;
      // DatumReader would take a leading vector for the one around all values, so its items are
      // collected.
      std::vector<Datum> items;
      while (true) {
        const absl::StatusOr<bool> more = reader.Next(&datum);
        if (!more.ok()) {
          return absl::InvalidArgumentError(
              absl::StrCat(name, ":", number, ": the value cannot be read"));
        }
        if (!*more) break;
        items.push_back(datum);
      }
      if (words[3][0] == '[') {
        said.value.kind = Datum::Kind::kSequence;
        said.value.items = std::move(items);
      } else if (!items.empty()) {
        said.value = std::move(items.front());
      }
    }
    const absl::Status status = joiner.Add(std::move(said));
    if (!status.ok()) return status;
  }
  return joiner.Done();
}

}  // namespace replsim::history
