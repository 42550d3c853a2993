// Reads the texts of Plume, AWDIT and dbcop: sessions of transactions of reads and writes, without
// times.
#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "simulator/history/file_place.h"
#include "simulator/history/interner.h"
#include "simulator/history/read_history.h"

namespace replsim::history {
namespace {

// Collects steps into transactions, in the order of each session.
class Collector {
 public:
  explicit Collector(const std::string& name) : keys_(&history_.keys), values_(&history_.values) {
    history_.name = name;
    history_.model = Model::kTransactions;
    history_.has_lines = false;
  }

  // Begins a transaction, to which the following steps belong. An empty transaction is dropped.
  void Begin(uint32_t session, uint32_t line, Outcome outcome) {
    End();
    current_.session = session;
    current_.line = line;
    current_.outcome = outcome;
    current_.first = static_cast<uint32_t>(history_.steps.size());
    open_ = true;
  }
  void Abort() { current_.outcome = Outcome::kNo; }
  void Add(Kind kind, absl::string_view key, absl::string_view value) {
    history_.steps.push_back({kind, static_cast<uint32_t>(keys_.NumberOf(key)),
                              value.empty() ? kNil : values_.NumberOf(value)});
  }
  History Done() {
    End();
    for (const Transaction& transaction : history_.transactions) {
      while (history_.processes.size() <= transaction.session) {
        history_.processes.push_back(absl::StrCat("session ", history_.processes.size()));
      }
    }
    history_.assumptions.push_back("no times: only the order within each session is known");
    return std::move(history_);
  }
  const std::string& name() const { return history_.name; }

 private:
  void End() {
    if (!std::exchange(open_, false)) return;
    current_.count = static_cast<uint32_t>(history_.steps.size()) - current_.first;
    if (current_.count > 0) history_.transactions.push_back(current_);
  }

  History history_;
  Interner keys_;
  Interner values_;
  Transaction current_;
  bool open_ = false;
};

// Calls `read` with each non-blank line and its number, counted from 1.
template <typename Read>
absl::Status ForEachLine(absl::string_view text, Read read) {
  uint32_t number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty()) continue;
    const absl::Status status = read(line, number);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

// Format: w(key,value,session,transaction) or r(…). Value 0 is the initial value; transaction -1
// was aborted.
absl::StatusOr<History> ReadPlume(absl::string_view text, const std::string& name) {
  struct Event {
    int64_t session;
    int64_t transaction;
    uint32_t line;
    bool read;
    absl::string_view key;
    absl::string_view value;
  };
  const FileText file{name, text};
  std::vector<Event> events;
  const absl::Status status =
      ForEachLine(text, [&](absl::string_view line, uint32_t number) -> absl::Status {
        if ((line[0] != 'r' && line[0] != 'w') || line.size() < 4 || line[1] != '(' ||
            line.back() != ')') {
          return ErrorAt(file, line.data(), "expected w(key,value,session,transaction) or r(…)");
        }
        const std::vector<absl::string_view> parts =
            absl::StrSplit(line.substr(2, line.size() - 3), ',');
        Event event{0, 0, number, line[0] == 'r', "", ""};
        if (parts.size() != 4 || !absl::SimpleAtoi(parts[2], &event.session) ||
            !absl::SimpleAtoi(parts[3], &event.transaction) || event.session < 0) {
          return ErrorAt(file, parts[0].data(),
                         "expected four numbers: key, value, session, transaction");
        }
        event.key = absl::StripAsciiWhitespace(parts[0]);
        event.value = absl::StripAsciiWhitespace(parts[1]);
        if (event.value == "0") event.value = "";
        events.push_back(event);
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  // Events of one session are in the order of the file; events of several sessions may be
  // interleaved.
  std::stable_sort(events.begin(), events.end(),
                   [](const Event& a, const Event& b) { return a.session < b.session; });
  Collector collector(name);
  const Event* before = nullptr;
  uint32_t session = 0;
  for (const Event& event : events) {
    if (before != nullptr && before->session != event.session) ++session;
    if (before == nullptr || before->session != event.session ||
        before->transaction != event.transaction) {
      collector.Begin(session, event.line, event.transaction < 0 ? Outcome::kNo : Outcome::kYes);
    }
    collector.Add(event.read ? Kind::kRead : Kind::kWrite, event.key, event.value);
    before = &event;
  }
  return collector.Done();
}

// Format: "w KEY VALUE" or "r KEY VALUE"; ----- begins the next transaction, ===== the next
// session. A read without a value saw the initial value.
absl::StatusOr<History> ReadAwdit(absl::string_view text, const std::string& name) {
  const FileText file{name, text};
  Collector collector(name);
  uint32_t session = 0;
  bool fresh = true;
  const absl::Status status =
      ForEachLine(text, [&](absl::string_view line, uint32_t number) -> absl::Status {
        if (absl::StartsWith(line, "---") || absl::StartsWith(line, "===")) {
          if (line[0] == '=') ++session;
          fresh = true;
          return absl::OkStatus();
        }
        const std::vector<absl::string_view> words =
            absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
        if (words.size() < 2 || words.size() > 3 || (words[0] != "r" && words[0] != "w") ||
            (words[0] == "w" && words.size() != 3)) {
          return ErrorAt(file, line.data(),
                         "expected 'w KEY VALUE', 'r KEY VALUE', ----- or =====");
        }
        if (std::exchange(fresh, false)) collector.Begin(session, number, Outcome::kYes);
        const absl::string_view value = words.size() == 3 && words[2] != "?" ? words[2] : "";
        collector.Add(words[0] == "r" ? Kind::kRead : Kind::kWrite, words[1], value);
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  return collector.Done();
}

// Format: "[x:=1 y==2] [z==?]!". Transactions on one line follow each other; a line of dashes
// begins the next session; ==? reads the initial value; ! marks an aborted transaction; // begins a
// comment line.
absl::StatusOr<History> ReadDbcop(absl::string_view text, const std::string& name) {
  const FileText file{name, text};
  Collector collector(name);
  uint32_t session = 0;
  const auto is_word = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_';
  };
  const absl::Status status =
      ForEachLine(text, [&](absl::string_view line, uint32_t number) -> absl::Status {
        if (absl::StartsWith(line, "//")) return absl::OkStatus();
        if (line[0] == '-') {
          ++session;
          return absl::OkStatus();
        }
        while (!line.empty()) {
          if (line[0] != '[')
            return ErrorAt(file, line.data(), "expected a transaction such as [x:=1 y==2]");
          line.remove_prefix(1);
          collector.Begin(session, number, Outcome::kYes);
          while (true) {
            line = absl::StripLeadingAsciiWhitespace(line);
            if (line.empty()) return ErrorAt(file, line.data(), "expected ']'");
            if (line[0] == ']') break;
            size_t key = 0;
            while (key < line.size() && is_word(line[key])) ++key;
            const absl::string_view sign = line.substr(key, 2);
            if (key == 0 || (sign != ":=" && sign != "==")) {
              return ErrorAt(file, line.data(), "expected a step such as x:=1, x==1 or x==?");
            }
            absl::string_view rest = line.substr(key + 2);
            size_t digits = 0;
            while (digits < rest.size() && is_word(rest[digits])) ++digits;
            const bool nothing = sign == "==" && digits == 0 && absl::StartsWith(rest, "?");
            if (digits == 0 && !nothing) return ErrorAt(file, rest.data(), "expected a value");
            collector.Add(sign == ":=" ? Kind::kWrite : Kind::kRead, line.substr(0, key),
                          rest.substr(0, digits));
            line = rest.substr(nothing ? 1 : digits);
          }
          line.remove_prefix(1);
          if (absl::StartsWith(line, "!")) {
            collector.Abort();
            line.remove_prefix(1);
          }
          line = absl::StripLeadingAsciiWhitespace(line);
        }
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  return collector.Done();
}

}  // namespace replsim::history
