#include "simulator/judge/shrink_witness.h"

#include "simulator/judge/describe.h"

namespace replsim::judge {

using history::History;
using history::Kind;
using history::Operation;
using history::Value;

bool ExplainsReads(const History& history, const std::vector<size_t>& operations) {
  const bool texts = history.model == history::Model::kKvAppend;
  std::set<Value> written = {history.initial};
  for (const size_t index : operations) {
    const Operation& operation = history.operations[index];
    if (operation.kind != Kind::kRead) written.insert(operation.value);
  }
  for (const size_t index : operations) {
    const Operation& operation = history.operations[index];
    if (!texts) {
      const bool asks =
          operation.kind == Kind::kRead ||
          (operation.kind == Kind::kCas && operation.outcome == history::Outcome::kYes);
      const Value asked = operation.kind == Kind::kRead ? operation.value : operation.expected;
      if (asks && written.count(asked) == 0) return false;
      continue;
    }
    if (operation.kind != Kind::kRead) continue;
    // The text that was read must consist of the remaining pieces: approximated by their total
    // length.
    const std::string& text = history.TextOf(operation.value);
    size_t length = 0;
    for (const Value piece : written) {
      if (piece == history.initial) continue;
      const std::string& part = history.TextOf(piece);
      if (!part.empty() && absl::StrContains(text, part)) length += part.size();
    }
    if (length < text.size()) return false;
  }
  return true;
}

bool ExplainsTransactions(const History& history, const std::vector<size_t>& transactions) {
  std::set<std::pair<uint32_t, Value>> written;
  const auto for_each = [&](auto visit) {
    for (const size_t index : transactions) {
      const history::Transaction& transaction = history.transactions[index];
      for (uint32_t i = 0; i < transaction.count; ++i) visit(history.steps[transaction.first + i]);
    }
  };
  for_each([&](const history::Step& step) {
    if (step.kind != Kind::kRead) written.insert({step.key, step.value});
  });
  bool explained = true;
  for_each([&](const history::Step& step) {
    if (step.kind == Kind::kRead && step.value != history.initial) {
      explained &= written.count({step.key, step.value}) > 0;
    }
  });
  return explained;
}

std::string DescribeTransaction(const History& history, size_t index) {
  const history::Transaction& transaction = history.transactions[index];
  std::string text = absl::StrCat(history.processes[transaction.session], ":");
  for (uint32_t i = 0; i < transaction.count; ++i) {
    const history::Step& step = history.steps[transaction.first + i];
    const char* const what = step.kind == Kind::kRead    ? " read "
                             : step.kind == Kind::kWrite ? " wrote "
                                                         : " appended ";
    absl::StrAppend(&text, i > 0 ? "," : "", what, BeforeValueOf(history, step.key));
    if (step.kind == Kind::kRead && history.model == history::Model::kListAppend) {
      absl::StrAppend(&text, "[");
      const std::vector<Value>& list = history.lists[static_cast<size_t>(step.value)];
      for (size_t at = 0; at < list.size(); ++at) {
        absl::StrAppend(&text, at > 0 ? " " : "", history.TextOf(list[at]));
      }
      absl::StrAppend(&text, "]");
    } else {
      absl::StrAppend(&text, history.TextOf(step.value));
    }
  }
  if (transaction.line > 0) absl::StrAppend(&text, " (line ", transaction.line, ")");
  return text;
}

}  // namespace replsim::judge
