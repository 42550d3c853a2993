// Fixture that drives a primary core by hand; the test plays the replicas.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/storage/store/command.h"
#include "primary/core/primary_core.h"
#include "tests/unit/core_driver.h"

namespace replsim {

inline const StreamId kR1(101), kR2(102);

class PrimaryCoreTest : public testing::Test {
 protected:
  // Starts a primary of epoch 2 with an empty log; r1 … follow with empty logs.
  void Start(int replicas = 2) {
    for (int i = 1; i <= replicas; ++i) options_.replicas.emplace_back(absl::StrCat("r", i));
    options_.members = options_.replicas;
    options_.heartbeat_interval = options_.heartbeat_timeout = Millis(3'600'000);
    driver_.emplace(std::make_unique<PrimaryCore>(
        options_, CoreStart{NodeId("p"), Epoch(1), {}, Lsn(0), Lsn(0), Lsn(0)}, Epoch(2),
        AtMs(1000)));
    for (int i = 1; i <= replicas; ++i) Connect(i);
  }
  void Connect(int i, Lsn last = Lsn(0)) { Tell(StreamOf(i), HelloOf(i, last)); }
  Hello HelloOf(int i, Lsn last) const {
    const EpochHistory history =
        last == Lsn(0) ? EpochHistory() : EpochHistory({{Epoch(2), Lsn(1)}});
    return {NodeId(absl::StrCat("r", i)), Epoch(2), history, last};
  }
  static StreamId StreamOf(int i) { return StreamId(100 + static_cast<uint64_t>(i)); }
  void Tell(StreamId stream, Message message) {
    driver_->Do(MessageReceived{stream, std::move(message)});
  }
  void AckFrom(int i, uint64_t receive, uint64_t write, uint64_t flush, uint64_t apply) {
    Tell(StreamOf(i), Ack{Epoch(2), Lsn(receive), Lsn(write), Lsn(flush), Lsn(apply)});
  }
  static WriteRequest Request(uint64_t id, uint64_t known_epoch = 0) {
    std::string command;
    EncodeCommand({id, 1, CommandKind::kPut, "key", "value"}, &command);
    return {RequestId(id), Epoch(known_epoch), command, id, 1};
  }
  void Write(uint64_t id) { driver_->Do(Request(id)); }
  void Logged(uint64_t lsn) { driver_->Do(LogWritten{Lsn(lsn)}, LogFlushed{Lsn(lsn)}); }

  std::vector<AnswerWrite> Answers() const { return driver_->All<AnswerWrite>(); }
  bool Answered() const { return !Answers().empty(); }
  bool Shown() const { return !driver_->All<ApplyRecords>().empty(); }

  PrimaryOptions options_;
  std::optional<CoreDriver> driver_;
};

}  // namespace replsim
