// Any bytes as what a Redis server sends: a reply, a replication stream, an append-only file. A
// stream says the same however it is cut into pieces.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "simulator/cluster/redis/aof_log.h"
#include "simulator/cluster/redis/redis_tap.h"
#include "simulator/cluster/redis/resp.h"
#include "tests/fuzz/fuzz.h"

namespace replsim {
namespace {

std::vector<std::string> Parse(absl::string_view input, size_t piece) {
  std::vector<std::string> seen;
  RedisStreamParser parser({[&] { seen.emplace_back("copy"); },
                            [&](const WrittenValue& write, uint64_t end) {
                              seen.push_back(absl::StrCat(ToString(write), " ", end));
                            },
                            [&](uint64_t offset) { seen.push_back(absl::StrCat(offset)); }});
  for (size_t at = 0; at < input.size(); at += piece) parser.Add(input.substr(at, piece));
  return seen;
}

}  // namespace

void FuzzOne(absl::string_view input) {
  absl::string_view rest = input;
  RespValue reply;
  while (ParseReply(&rest, &reply) == RespParse::kComplete) REPL_CHECK(rest.size() < input.size());
  if (!input.empty()) REPL_CHECK(Parse(input, input.size()) == Parse(input, 1));
  NativeLog log;
  uint64_t epoch = 1;
  AddAofEntries(input, "aof", &epoch, &log).IgnoreError();
  for (const NativeEntry& entry : log.entries) REPL_CHECK(entry.log_bytes <= input.size());
}

std::vector<std::string> FuzzSeeds() {
  std::string set;
  AppendCommand({"SET", "k0001", "c1-5...."}, &set);
  const std::string mark(40, 'e');
  return {"+OK\r\n-ERR x\r\n:7\r\n$3\r\nabc\r\n$-1\r\n*2\r\n:1\r\n$1\r\nx\r\n", set + set,
          absl::StrCat("+PONG\r\n+FULLRESYNC x 100\r\n$EOF:", mark, "\r\nREDIS", mark, set),
          absl::StrCat("+FULLRESYNC x 0\r\n$5\r\nREDIS", set), "+CONTINUE\r\n" + set};
}

}  // namespace replsim
