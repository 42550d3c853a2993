#include "simulator/judge/describe.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace replsim::judge {
namespace {

using history::History;
using history::Kind;
using history::kNever;
using history::Operation;

// Long lists are shortened to their end.
std::string ShortTextOf(const History& history, history::Value value) {
  constexpr size_t kBytesMax = 60;
  const std::string& text = history.TextOf(value);
  return text.size() <= kBytesMax ? text : absl::StrCat("…", text.substr(text.size() - kBytesMax));
}

std::string DescribeOperation(const History& history, const Operation& operation,
                              const std::string& key) {
  std::string text = absl::StrCat(history.processes[operation.process], " ");
  switch (operation.kind) {
    case Kind::kRead:
      absl::StrAppend(&text, "read ", key, ShortTextOf(history, operation.value));
      break;
    case Kind::kWrite:
      absl::StrAppend(&text, "wrote ", key, ShortTextOf(history, operation.value));
      break;
    case Kind::kAppend:
      absl::StrAppend(&text, "appended ", key, ShortTextOf(history, operation.value));
      break;
    case Kind::kCas:
      absl::StrAppend(&text, "set ", key, ShortTextOf(history, operation.expected), " to ",
                      ShortTextOf(history, operation.value));
      if (operation.outcome == history::Outcome::kNo) text += " in vain";
      break;
  }
  if (operation.node > 0) absl::StrAppend(&text, " on ", history.nodes[operation.node - 1u]);
  if (operation.line > 0) {
    absl::StrAppend(&text, " (line ", operation.line, ")");
  } else if (history.has_times) {
    const auto seconds = [&](int64_t time) {
      return absl::StrFormat("%.6f", static_cast<double>(time - history.origin) / 1e9);
    };
    absl::StrAppend(&text, " (", seconds(operation.begin), " to ",
                    operation.end == kNever ? "?" : seconds(operation.end), " s)");
  }
  return text;
}

}  // namespace

std::string Describe(const History& history, const Operation& operation) {
  return DescribeOperation(history, operation, "");
}

std::string DescribeWithKey(const History& history, const Operation& operation) {
  return DescribeOperation(history, operation,
                           history.keys.size() > 1 ? BeforeValueOf(history, operation.key) : "");
}

std::string BeforeValueOf(const History& history, uint32_t key) {
  const std::string& name = history.keys[key];
  return name.empty() ? "" : absl::StrCat(name, " = ");
}

std::string ObjectOf(const History& history, uint32_t key) {
  const std::string& name = history.keys[key];
  return name.empty() ? "value" : name;
}

}  // namespace replsim::judge
