// Golden interaction traces: each *.txt beside this file is one test. A file is blocks: comment
// lines (#), a command, `----`, then everything the cluster did because of it, up to an empty line.
// REPLSIM_REWRITE=1 writes what was seen into the files; read the difference before you keep it.
//
//   cluster replicas=2 ack_after=replica-flush sync_set="any 1" …   first; see Configure()
//   write N [to NODE] [knowing EPOCH]     read NODE any|primary|EPOCH:LSN
//   submit N (for tickets)                ask NODE EPOCH:LSN [watch]
//   again CLIENT [to NODE]                the one request of the client that is named as its write
//   run TIME · cut A B · heal A B (one way each) · crash NODE [power-loss]
//   restart NODE following NODE|as primary · promote NODE [telling A,B] · slow NODE TIME · state
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include <gtest/gtest.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/golden/golden_trace.h"

namespace replsim {
namespace {

struct Block {
  std::string comments;  // with the empty lines before the command
  std::string command;
  std::string expected;
};

std::vector<Block> ReadBlocks(const std::string& path) {
  std::ifstream in(path);
  std::vector<Block> blocks(1);
  bool in_trace = false;
  for (std::string line; std::getline(in, line);) {
    Block& block = blocks.back();
    if (in_trace && !line.empty()) {
      block.expected += line + "\n";
    } else if (in_trace) {
      in_trace = false;
      blocks.emplace_back();
    } else if (line == "----") {
      in_trace = true;
    } else if (line.empty() || line[0] == '#') {
      block.comments += line + "\n";
    } else {
      block.command = line;
    }
  }
  if (blocks.back().command.empty()) blocks.pop_back();
  return blocks;
}

std::vector<std::string> Words(const std::string& line) {
  std::vector<std::string> words(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ' ' && !quoted) {
      if (!words.back().empty()) words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

Nanos Time(const std::string& text) {
  double number = 0;
  const bool us = text.ends_with("us");
  EXPECT_TRUE((us || text.ends_with("ms")) &&
              absl::SimpleAtod(text.substr(0, text.size() - 2), &number))
      << text << " is not a time: 10us, 5ms";
  return Nanos(static_cast<int64_t>(number * (us ? 1e3 : 1e6)));
}

template <class T>
T Named(const std::string& text, const std::vector<T>& all) {
  for (const T value : all) {
    if (text == Name(value)) return value;
  }
  ADD_FAILURE() << "no such value: " << text;
  return all[0];
}

SyncSet Set(const std::string& text) {
  SyncSet set;
  using Kind = SyncSet::Kind;
  const std::vector<std::string> words = Words(text);
  set.kind = words[0] == "any"        ? Kind::kAny
             : words[0] == "first"    ? Kind::kFirst
             : words[0] == "majority" ? Kind::kMajority
                                      : Kind::kAll;
  if (words.size() > 1) set.count = static_cast<uint32_t>(std::stoul(words[1]));
  return set;
}

HarnessOptions Configure(const std::vector<std::string>& words) {
  HarnessOptions o;
  ReplicationKnobs& k = o.knobs;
  const std::vector<Stage> stages = {
      Stage::kAppend,       Stage::kWrite,        Stage::kFlush,       Stage::kReplicaReceive,
      Stage::kReplicaWrite, Stage::kReplicaFlush, Stage::kReplicaApply};
  // A quiet cluster: what a trace shows is what was asked for.
  o.heartbeat_interval = Millis(1000);
  o.heartbeat_timeout = Millis(5000);
  for (size_t i = 1; i < words.size(); ++i) {
    const size_t equals = words[i].find('=');
    const std::string key = words[i].substr(0, equals), value = words[i].substr(equals + 1);
    if (key == "replicas")
      o.replicas = std::stoi(value);
    else if (key == "ack_after")
      k.ack_after = Named(value, stages);
    else if (key == "visible_after")
      k.visible_after = Named(value, stages);
    else if (key == "sync_set")
      k.sync_set = Set(value);
    else if (key == "order")
      k.order = Named<Order>(value, {Order::kPrimaryFirst, Order::kReplicasFirst});
    else if (key == "replica_apply")
      k.replica_apply = Named<ReplicaApply>(
          value, {ReplicaApply::kOnReceive, ReplicaApply::kOnFlush, ReplicaApply::kOnCommit});
    else if (key == "on_timeout")
      k.on_timeout = Named<OnTimeout>(
          value, {OnTimeout::kBlock, OnTimeout::kReject, OnTimeout::kUnknown, OnTimeout::kDegrade});
    else if (key == "timeout")
      k.timeout = Time(value);
    else if (key == "send_after")
      k.send_after = Named(value, stages);
    else if (key == "serialize_keys")
      k.serialize_keys = value == "true";
    else if (key == "take_over")
      o.take_over = Named<TakeOver>(value, {TakeOver::kAtOnce, TakeOver::kOwnRecord});
    else if (key == "sync")
      o.durability.sync =
          Named<Sync>(value, {Sync::kEveryWrite, Sync::kEveryBatch, Sync::kInterval, Sync::kOs});
    else if (key == "interval")
      o.durability.interval = Time(value);
    else if (key == "heartbeat")
      o.heartbeat_interval = Time(value);
    else if (key == "heartbeat_timeout")
      o.heartbeat_timeout = Time(value);
    else if (key == "link")
      o.link_delay = Time(value);
    else if (key == "recent_bytes")
      o.recent_bytes_max = std::stoull(value);
    else if (key == "window_records")
      o.window.records_max = std::stoull(value);
    else
      ADD_FAILURE() << "cluster: no such setting: " << key;
  }
  return o;
}

class Golden : public testing::Test {
 public:
  explicit Golden(std::string path) : path_(std::move(path)) {}

  void TestBody() override {
    std::vector<Block> blocks = ReadBlocks(path_);
    std::string seen;
    bool differs = false;
    for (const Block& block : blocks) {
      trace_.clear();
      Do(Words(block.command));
      differs |= trace_ != block.expected;
      if (std::getenv("REPLSIM_REWRITE") == nullptr) {
        EXPECT_EQ(trace_, block.expected) << path_ << ": " << block.command;
        if (differs) return;  // the rest would differ only as a consequence
      }
      absl::StrAppend(&seen, block.comments, block.command, "\n----\n", trace_, "\n");
    }
    if (!differs || HasFailure()) return;
    while (seen.ends_with("\n\n")) seen.pop_back();
    std::ofstream(path_) << seen;
  }

 private:
  void Do(const std::vector<std::string>& words) {
    const std::string& verb = words[0];
    if (verb == "cluster") {
      cluster_ = std::make_unique<CoreHarness>(Configure(words));
      cluster_->on_effect = [this](const std::string& node, const Effect& effect) {
        trace_ += SpellEffect(*cluster_, node, effect);
      };
      return;
    }
    ASSERT_NE(cluster_, nullptr) << "a trace begins with `cluster …`";
    const auto word = [&](const std::string& name) -> std::string {
      const auto it = std::find(words.begin(), words.end(), name);
      return it == words.end() || it + 1 == words.end() ? "" : *(it + 1);
    };
    if (verb == "run") return cluster_->Run(Time(words.at(1)));
    if (verb == "state") {
      trace_ += SpellState(*cluster_);
    } else if (verb == "write") {
      const std::string knowing = word("knowing");
      cluster_->Write(std::stoi(words.at(1)), word("to"),
                      Epoch(knowing.empty() ? 0 : std::stoull(knowing)));
    } else if (verb == "submit") {
      cluster_->Write(std::stoi(words.at(1)), "", Epoch(0), /*ticket=*/true);
    } else if (verb == "again") {
      cluster_->WriteAgain(std::stoull(words.at(1)), word("to"));
    } else if (verb == "ask") {
      cluster_->AskTicket(ParsePosition(words.at(2)).value_or(Position{}), words.back() == "watch",
                          words.at(1));
    } else if (verb == "read") {
      const auto at = ParsePosition(words.at(2));
      cluster_->Read(words.at(1),
                     at                  ? ReadConsistency::kAtPosition
                     : words[2] == "any" ? ReadConsistency::kAny
                                         : ReadConsistency::kPrimary,
                     at.value_or(Position{}));
    } else if (verb == "cut") {
      cluster_->Cut(words.at(1), words.at(2));
    } else if (verb == "heal") {
      cluster_->Heal(words.at(1), words.at(2));
    } else if (verb == "crash") {
      cluster_->Crash(words.at(1), words.back() == "power-loss");
    } else if (verb == "restart") {
      if (words.back() == "primary")
        cluster_->RestartAsPrimary(words.at(1));
      else
        cluster_->RestartAsReplica(words.at(1), word("following"));
    } else if (verb == "promote") {
      const std::string telling = word("telling");
      const std::vector<std::string> told = absl::StrSplit(telling, ',', absl::SkipEmpty());
      if (!cluster_->Promote(words.at(1), told)) trace_ += "not promoted\n";
    } else if (verb == "slow") {
      cluster_->SetApplyDelay(words.at(1), Time(words.at(2)));
    } else {
      ADD_FAILURE() << "no such command: " << verb;
    }
    cluster_->Run(Nanos(0));
  }

  const std::string path_;
  std::unique_ptr<CoreHarness> cluster_;
  std::string trace_;
};

void RegisterAll() {
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(REPLSIM_GOLDEN)) {
    if (file.path().extension() == ".txt") files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    testing::RegisterTest("Golden", file.stem().c_str(), nullptr, nullptr, file.c_str(), 1,
                          [path = file.string()]() -> testing::Test* { return new Golden(path); });
  }
}

}  // namespace
}  // namespace replsim

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  replsim::RegisterAll();
  return RUN_ALL_TESTS();
}
