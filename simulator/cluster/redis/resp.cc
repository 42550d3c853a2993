#include "simulator/cluster/redis/resp.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace replsim {
namespace {

constexpr size_t kLineMax = 64 * 1024;

// Takes a line without its end.
RespParse TakeLine(absl::string_view* rest, absl::string_view* line) {
  const size_t end = rest->find("\r\n");
  if (end == absl::string_view::npos) {
    return rest->size() > kLineMax ? RespParse::kMalformed : RespParse::kPartial;
  }
  if (end > kLineMax) return RespParse::kMalformed;
  *line = rest->substr(0, end);
  rest->remove_prefix(end + 2);
  return RespParse::kComplete;
}

RespParse TakeNumber(absl::string_view line, int64_t least, int64_t most, int64_t* number) {
  const bool read = absl::SimpleAtoi(line, number) && *number >= least && *number <= most;
  return read ? RespParse::kComplete : RespParse::kMalformed;
}

RespParse TakeBytes(absl::string_view* rest, size_t size, absl::string_view* bytes) {
  if (rest->size() < size + 2) return RespParse::kPartial;
  if (rest->substr(size, 2) != "\r\n") return RespParse::kMalformed;
  *bytes = rest->substr(0, size);
  rest->remove_prefix(size + 2);
  return RespParse::kComplete;
}

RespParse Take(absl::string_view* rest, int depth, RespValue* value) {
  absl::string_view line;
  if (const RespParse parse = TakeLine(rest, &line); parse != RespParse::kComplete) return parse;
  if (line.empty()) return RespParse::kMalformed;
  value->type = line[0];
  line.remove_prefix(1);
  switch (value->type) {
    case '+':
    case '-':
      value->text = std::string(line);
      return RespParse::kComplete;
    case ':':
      return absl::SimpleAtoi(line, &value->number) ? RespParse::kComplete : RespParse::kMalformed;
    case '$': {
      int64_t size = 0;
      if (TakeNumber(line, -1, kRespStringMax, &size) != RespParse::kComplete) {
        return RespParse::kMalformed;
      }
      if (size < 0) {
        value->type = '_';
        return RespParse::kComplete;
      }
      absl::string_view bytes;
      const RespParse parse = TakeBytes(rest, static_cast<size_t>(size), &bytes);
      value->text = std::string(bytes);
      return parse;
    }
    case '*': {
      int64_t count = 0;
      if (depth >= kRespDepthMax ||
          TakeNumber(line, -1, kRespItemsMax, &count) != RespParse::kComplete) {
        return RespParse::kMalformed;
      }
      if (count < 0) value->type = '_';
      for (int64_t i = 0; i < count; ++i) {
        RespValue item;
        const RespParse parse = Take(rest, depth + 1, &item);
        if (parse != RespParse::kComplete) return parse;
        value->items.push_back(std::move(item));
      }
      return RespParse::kComplete;
    }
    default:
      return RespParse::kMalformed;
  }
}

}  // namespace

RespParse ParseReply(absl::string_view* bytes, RespValue* reply) {
  absl::string_view rest = *bytes;
  *reply = RespValue();
  const RespParse parse = Take(&rest, 0, reply);
  if (parse == RespParse::kComplete) *bytes = rest;
  return parse;
}

RespParse ParseCommand(absl::string_view* bytes, std::vector<absl::string_view>* words) {
  words->clear();
  if (bytes->empty()) return RespParse::kPartial;
  if (bytes->front() == '\n') {
    bytes->remove_prefix(1);
    return RespParse::kComplete;
  }
  if (bytes->front() != '*') return RespParse::kMalformed;
  absl::string_view rest = bytes->substr(1);
  absl::string_view line;
  int64_t count = 0;
  RespParse parse = TakeLine(&rest, &line);
  if (parse != RespParse::kComplete) return parse;
  constexpr int64_t kWordsMax = 1 << 20;
  parse = TakeNumber(line, 1, kWordsMax, &count);
  for (int64_t i = 0; i < count && parse == RespParse::kComplete; ++i) {
    parse = TakeLine(&rest, &line);
    if (parse != RespParse::kComplete) break;
    int64_t size = 0;
    if (line.empty() || line[0] != '$') return RespParse::kMalformed;
    parse = TakeNumber(line.substr(1), 0, kRespStringMax, &size);
    if (parse != RespParse::kComplete) break;
    absl::string_view word;
    parse = TakeBytes(&rest, static_cast<size_t>(size), &word);
    words->push_back(word);
  }
  if (parse == RespParse::kComplete) *bytes = rest;
  return parse;
}

void AppendCommand(const std::vector<absl::string_view>& words, std::string* out) {
  absl::StrAppend(out, "*", words.size(), "\r\n");
  for (const absl::string_view word : words) {
    absl::StrAppend(out, "$", word.size(), "\r\n", word, "\r\n");
  }
}

}  // namespace replsim
