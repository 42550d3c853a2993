// RESP2, the protocol of Redis: replies of a server, and commands as they stand in a replication
// stream and in an AOF. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim {

struct RespValue {
  // '+' status, '-' error, ':' integer, '$' string, '*' list; '_' nothing (a missing key).
  char type = '_';
  std::string text;  // of a status, error or string
  int64_t number = 0;
  std::vector<RespValue> items;

  bool is_error() const { return type == '-'; }
};

enum class RespParse { kComplete, kPartial, kMalformed };

// Limits of what is read: a string, the items of a list, lists within lists.
inline constexpr int64_t kRespStringMax = int64_t{64} << 20;
inline constexpr int64_t kRespItemsMax = 4 << 20;
inline constexpr int kRespDepthMax = 4;

// Reads one reply from the front of `*bytes` and removes it. Leaves `*bytes` unchanged unless it is
// complete.
RespParse ParseReply(absl::string_view* bytes, RespValue* reply);

// Reads one command, a list of strings, in the same way. `words` point into the bytes. An empty
// line, which a primary sends to keep a connection alive, is a command without words.
RespParse ParseCommand(absl::string_view* bytes, std::vector<absl::string_view>* words);

// Appends a command.
void AppendCommand(const std::vector<absl::string_view>& words, std::string* out);

}  // namespace replsim
