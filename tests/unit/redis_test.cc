// Redis from recorded bytes: replies, the append-only file, the replication stream.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "simulator/cluster/redis/aof_log.h"
#include "simulator/cluster/redis/redis_connection.h"
#include "simulator/cluster/redis/redis_tap.h"
#include "simulator/cluster/redis/resp.h"
#include "simulator/recording/file_bytes.h"

namespace replsim::redis_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string Set(absl::string_view key, absl::string_view value) {
  std::string text;
  AppendCommand({"SET", key, value}, &text);
  return text;
}

RespValue Reply(absl::string_view bytes) {
  RespValue value;
  EXPECT_EQ(ParseReply(&bytes, &value), RespParse::kComplete);
  EXPECT_TRUE(bytes.empty());
  return value;
}

TEST(Resp, ReadsEveryKindOfReply) {
  EXPECT_EQ(Reply("+OK\r\n").text, "OK");
  EXPECT_TRUE(Reply("-READONLY no\r\n").is_error());
  EXPECT_EQ(Reply(":-7\r\n").number, -7);
  EXPECT_EQ(Reply("$5\r\na\r\nbc\r\n").text, "a\r\nbc");
  EXPECT_EQ(Reply("$-1\r\n").type, '_');
  const RespValue list = Reply("*2\r\n$1\r\nx\r\n*1\r\n:3\r\n");
  ASSERT_EQ(list.items.size(), 2u);
  EXPECT_EQ(list.items[1].items[0].number, 3);
}

TEST(Resp, APartOfAReplyTakesNothing) {
  const std::string whole = "*2\r\n$3\r\nabc\r\n:12\r\n";
  for (size_t size = 0; size < whole.size(); ++size) {
    absl::string_view part = absl::string_view(whole).substr(0, size);
    RespValue value;
    EXPECT_EQ(ParseReply(&part, &value), RespParse::kPartial) << size;
    EXPECT_EQ(part.size(), size);
  }
}

TEST(Resp, RefusesWhatIsNoReply) {
  for (const char* const bad :
       {"hello\r\n", "$x\r\n", "$-2\r\n", "$3\r\nabcde\r\n", "*99999999\r\n", ":1x\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n"}) {
    absl::string_view bytes = bad;
    RespValue value;
    EXPECT_EQ(ParseReply(&bytes, &value), RespParse::kMalformed) << bad;
  }
}

TEST(RedisConnection, AWriteWithoutEnoughReplicasIsUnknown) {
  const RedisSettings::Wait wait{1, 1000};
  EXPECT_EQ(RedisWriteResult({Reply("+OK\r\n")}, std::nullopt).outcome, proto::COMMITTED);
  EXPECT_EQ(RedisWriteResult({Reply("+OK\r\n"), Reply(":1\r\n")}, wait).outcome, proto::COMMITTED);
  const OperationResult late = RedisWriteResult({Reply("+OK\r\n"), Reply(":0\r\n")}, wait);
  EXPECT_EQ(late.outcome, proto::UNKNOWN);
  EXPECT_EQ(late.reason, proto::GATE_TIMEOUT);
  const OperationResult unblocked =
      RedisWriteResult({Reply("+OK\r\n"), Reply("-UNBLOCKED\r\n")}, wait);
  EXPECT_EQ(unblocked.outcome, proto::UNKNOWN);
}

TEST(RedisConnection, ARefusedWriteIsRejectedWithItsReason) {
  const RedisSettings::Wait wait{1, 1000};
  const auto reason = [&](const char* error) {
    const OperationResult result = RedisWriteResult({Reply(error), Reply(":0\r\n")}, wait);
    EXPECT_EQ(result.outcome, proto::REJECTED);
    return result.reason;
  };
  EXPECT_EQ(reason("-READONLY You can't write against a read only replica.\r\n"),
            proto::NOT_PRIMARY);
  EXPECT_EQ(reason("-NOREPLICAS Not enough good replicas to write.\r\n"), proto::SYNC_SET_MISSING);
}

TEST(RedisConnection, AReplicaIsReadyWhenItStreams) {
  const auto status = [](const char* ping, const char* link) {
    RespValue info;
    info.type = '$';
    info.text = absl::StrCat("# Replication\r\nrole:slave\r\nmaster_link_status:", link,
                             "\r\nslave_repl_offset:123\r\n");
    return RedisStatusOf(Reply(ping), info, Reply("$1\r\n2\r\n"));
  };
  EXPECT_TRUE(status("+PONG\r\n", "up").ready);
  EXPECT_FALSE(status("+PONG\r\n", "down").ready);
  EXPECT_FALSE(status("-LOADING dataset\r\n", "up").ready);
  EXPECT_EQ(status("+PONG\r\n", "up").native, 123u);
  EXPECT_EQ(status("+PONG\r\n", "up").epoch, 2u);
  EXPECT_FALSE(status("+PONG\r\n", "up").leads);
}

TEST(AofLog, HasTheWritesOfTheLoadInOrderAndTheirEpochs) {
  const std::string bytes = absl::StrCat("*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n", "#TS:1700000000\r\n",
                                         Set("k0007", "c3-12...."), Set("other", "x"),
                                         Set(kEpochKey, "2"), Set("k0001", "c1-5"));
  NativeLog log;
  uint64_t epoch = 1;
  ASSERT_TRUE(AddAofEntries(bytes, "aof", &epoch, &log).ok());
  ASSERT_EQ(log.entries.size(), 3u);
  EXPECT_EQ(log.entries[0].write, (WrittenValue{3, 12}));
  EXPECT_EQ(log.entries[0].key, 7u);
  EXPECT_EQ(log.entries[0].epoch, 1u);
  EXPECT_EQ(log.entries[0].log_bytes, Set("k0007", "c3-12....").size());
  EXPECT_TRUE(log.entries[1].write.empty());  // the marker begins the epoch
  EXPECT_EQ(log.entries[1].epoch, 2u);
  EXPECT_EQ(log.entries[2].epoch, 2u);
  EXPECT_EQ(log.cut, "");
}

TEST(AofLog, IgnoresATornEndAndSaysSo) {
  const std::string bytes = Set("k0001", "c1-5") + Set("k0002", "c1-6").substr(0, 20);
  NativeLog log;
  uint64_t epoch = 1;
  ASSERT_TRUE(AddAofEntries(bytes, "aof", &epoch, &log).ok());
  EXPECT_EQ(log.entries.size(), 1u);
  EXPECT_THAT(log.cut, HasSubstr("20 bytes"));
  EXPECT_EQ(AddAofEntries("garbage\r\n", "aof", &epoch, &log).code(), absl::StatusCode::kDataLoss);
}

TEST(AofLog, ABaseWithWritesIsACopy) {
  const std::string folder = testing::TempDir() + "/aof_log_copy";
  std::filesystem::create_directories(folder + "/appendonlydir");
  const auto write = [&](const char* name, const std::string& bytes) {
    ASSERT_TRUE(WriteFileBytes(folder + "/appendonlydir/" + name, bytes).ok());
  };
  write("appendonly.aof.manifest",
        "file a.2.base.aof seq 2 type b\nfile a.1.incr.aof seq 1 type h\n"
        "file a.2.incr.aof seq 2 type i\n");
  write("a.2.base.aof", Set(kEpochKey, "2") + Set("k0001", "c1-5"));
  write("a.1.incr.aof", Set("k0009", "c9-9"));
  write("a.2.incr.aof", Set("k0001", "c1-6"));
  const auto log = ReadAofLog(folder);
  ASSERT_TRUE(log.ok()) << log.status();
  EXPECT_TRUE(log->begins_with_copy);
  ASSERT_EQ(log->entries.size(), 1u);
  EXPECT_EQ(log->entries[0].write, (WrittenValue{1, 6}));
  EXPECT_EQ(log->entries[0].epoch, 2u);
}

// What the parser reports of a stream that arrives in pieces of `piece` bytes.
std::vector<std::string> Parse(const std::string& stream, size_t piece) {
  std::vector<std::string> seen;
  RedisStreamParser parser(
      {[&] { seen.emplace_back("copy"); },
       [&](const WrittenValue& write, uint64_t end) {
         seen.push_back(absl::StrCat(ToString(write), " ", end));
       },
       [&](uint64_t offset) { seen.push_back(absl::StrCat("full ", offset)); }});
  for (size_t at = 0; at < stream.size(); at += piece) parser.Add(stream.substr(at, piece));
  EXPECT_FALSE(parser.is_broken());
  return seen;
}

TEST(RedisTap, ReadsAFullSynchronisationInAnyPieces) {
  const std::string mark(40, 'e');
  const std::string first = Set("k0001", "c1-5");
  const std::string stream = absl::StrCat(
      "+OK\r\n+PONG\r\n+FULLRESYNC ", std::string(40, 'a'), " 100\r\n", "\n$EOF:", mark,
      "\r\nREDIS0009\r\nbinary", mark, first, "*1\r\n$4\r\nPING\r\n", Set("k0002", "c2-6"));
  const std::string end = absl::StrCat("c2-6 ", first.size() + 14 + first.size());
  for (const size_t piece : {size_t{1}, size_t{7}, stream.size()}) {
    EXPECT_THAT(Parse(stream, piece),
                ElementsAre("full 100", "copy", absl::StrCat("c1-5 ", first.size()), end))
        << piece;
  }
  const std::string sized = absl::StrCat("+FULLRESYNC x 0\r\n$6\r\nREDIS!", first);
  EXPECT_THAT(Parse(sized, 3), ElementsAre("full 0", "copy", absl::StrCat("c1-5 ", first.size())));
}

TEST(RedisTap, TellsWhenAWriteLeftArrivedAndWasAcknowledged) {
  std::vector<StageStep> steps;
  const auto sink = [&](StageStep step) { steps.push_back(std::move(step)); };
  const auto state = std::make_shared<RedisStreamState>();
  const auto acks = NewRedisAckTap(NodeId("r1"), NodeId("p"), state, sink);
  const auto stream = NewRedisStreamTap(NodeId("r1"), NodeId("p"), state, sink);
  const std::string hello = "+FULLRESYNC x 100\r\n$1\r\nR";
  const std::string write = Set("k0001", "c1-5");
  stream->OnSent(hello, Instant(Nanos(1)));
  stream->OnSent(write, Instant(Nanos(2)));
  stream->OnArrived(hello, Instant(Nanos(11)));
  stream->OnArrived(write, Instant(Nanos(12)));
  std::string ack;
  AppendCommand({"REPLCONF", "ACK", absl::StrCat(100 + write.size())}, &ack);
  acks->OnSent(ack, Instant(Nanos(12)));
  acks->OnArrived(ack, Instant(Nanos(22)));
  std::vector<std::string> seen;
  for (const StageStep& step : steps) {
    seen.push_back(absl::StrCat(step.node.name(), " ", static_cast<int>(step.stage), " ",
                                step.peer.name(), " ", ToNanos(step.when), " ",
                                ToString(step.write)));
  }
  const auto kind = [](TraceKind stage) { return static_cast<int>(stage); };
  EXPECT_THAT(seen, ElementsAre(absl::StrCat("p ", kind(TraceKind::kSend), " r1 2 c1-5"),
                                absl::StrCat("r1 ", kind(TraceKind::kAppend), "  11 nothing"),
                                absl::StrCat("r1 ", kind(TraceKind::kAppend), "  12 c1-5"),
                                absl::StrCat("r1 ", kind(TraceKind::kApply), "  12 c1-5"),
                                absl::StrCat("p ", kind(TraceKind::kPeerApply), " r1 22 c1-5")));
}

}  // namespace
}  // namespace replsim::redis_test
