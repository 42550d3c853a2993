// A simulated machine for one node: a log in memory, a log device that works at once, a clock that
// the test moves, and a journal of everything that leaves the node, in order.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/node/node.h"
#include "common/storage/file/memory_file_system.h"
#include "tests/support/faulty_file_system.h"

namespace replsim {

class FakeNodeHost final : public NodeHost, public Outside, public LogDevice, public TraceSink {
 public:
  explicit FakeNodeHost(const std::string& id = "n") {
    EXPECT_TRUE(memory_.MakeFolder("node").ok());
    LogOptions log;
    log.prewrite_bytes = 0;
    auto storage = NodeStorage::Open(disk_, "node", log);
    EXPECT_TRUE(storage.ok()) << storage.status();
    storage_ = std::make_unique<NodeStorage>(*std::move(storage));
    Node::Options options;
    options.id = NodeId(id);
    options.nodes = {NodeId(id)};
    options.steps_per_check = 1;
    node_ = std::make_unique<Node>(std::move(options), *storage_, *this, failpoints_, this, *this);
  }

  // Runs turns of the node until no event is pending.
  void Run() {
    do {
      for (Event& event : std::exchange(posted_, {})) node_->Add(std::move(event));
      node_->Turn();
    } while (!posted_.empty());
  }
  void Wait(Nanos span) {
    now_ += span;
    Run();
  }
  void KillNode() { node_.reset(); }

  Node& node() { return *node_; }
  Failpoints& failpoints() { return failpoints_; }
  FaultyFileSystem& disk() { return disk_; }
  Log& log() { return storage_->log(); }
  const Metadata& metadata() const { return storage_->metadata(); }
  std::vector<std::string> TakeJournal() { return std::exchange(journal_, {}); }
  void Note(std::string what) { journal_.push_back(std::move(what)); }

  // --- NodeHost ---
  Instant Now() const override { return now_; }
  void Post(Event event) override { posted_.push_back(std::move(event)); }
  LogDevice& log_device() override { return *this; }
  void Fire(bool pause) override { Note(pause ? "pauses" : "is killed"); }
  void Elected(Epoch epoch, Lsn) override { Note(absl::StrCat("elected for ", epoch.value())); }
  void SteppedDown() override { Note("stepped down"); }
  void Fail(const std::string& why) override { Note(absl::StrCat("ends: ", why)); }

  // --- LogDevice ---
  void AppendAndFlush(BatchPtr batch) override {
    const auto stop = node_->WriteUntilFailpoint(batch);
    if (absl::IsResourceExhausted(stop.status())) return Post(LogFull{batch});
    ASSERT_TRUE(stop.ok()) << stop.status();
    Post(LogWritten{log().last()});
    Flush();
  }
  void Flush() override {
    Note(absl::StrCat("flush ", log().last().value()));
    Post(LogFlushed{log().last()});
  }
  void Drain() override {}
  void Truncated(Lsn last) override { Note(absl::StrCat("truncated ", last.value())); }

  // --- Outside ---
  void Dial(StreamId stream, const NodeId& primary) override {
    Note(absl::StrCat("dial ", primary.name(), " as ", stream.value()));
  }
  void Send(StreamId stream, Message message) override {
    std::string what = absl::StrCat("send ", stream.value(), ":");
    if (const auto* append = std::get_if<Append>(&message); append != nullptr && append->batch) {
      absl::StrAppend(&what, " ", append->batch->first.value(), "-", append->batch->last.value());
    } else if (const auto* ack = std::get_if<Ack>(&message)) {
      absl::StrAppend(&what, " ack ", ack->flush.value());
    }
    Note(std::move(what));
  }
  void Close(StreamId stream) override { Note(absl::StrCat("close ", stream.value())); }
  void AskPeer(const NodeId& peer, const PeerRequest& request) override {
    if (const auto* vote = std::get_if<VoteRequest>(&request)) {
      return Note(absl::StrCat("ask ", peer.name(), " for its vote in ", vote->epoch.value()));
    }
    if (std::holds_alternative<TakeLead>(request)) {
      return Note(absl::StrCat("tell ", peer.name(), " to take the lead"));
    }
    if (const auto* pick = std::get_if<PickRequest>(&request)) {
      return Note(absl::StrCat(pick->lead ? "tell " : "poll ", peer.name(), " for epoch ",
                               pick->epoch.value()));
    }
    Note(absl::StrCat("announce ", std::get<Announcement>(request).epoch.value(), " to ",
                      peer.name()));
  }
  void AnswerPeer(AskId ask, const PeerAnswer&) override {
    Note(absl::StrCat("answer ask ", ask.value()));
  }
  void Answer(const AnswerWrite& answer) override {
    const char* outcome = answer.outcome == WriteOutcome::kCommitted ? "committed"
                          : answer.outcome == WriteOutcome::kUnknown ? "unknown"
                                                                     : "rejected";
    Note(absl::StrCat("answer ", answer.id.value(), ": ", outcome,
                      answer.took_effect ? "" : ", without effect"));
  }
  void Answer(const AnswerRead& answer, const KvStore::Entry* entry, Position) override {
    Note(absl::StrCat("read ", answer.id.value(), ": ", entry == nullptr ? "-" : entry->value));
  }
  void EndTurn() override {}
  void AfterSent(absl::AnyInvocable<void()> then) override {
    Note("all sent");
    then();
  }

  // --- TraceSink ---
  void Add(const TraceRecord& record) override {
    if (static_cast<TraceKind>(record.kind) == TraceKind::kFailpoint) {
      Note(absl::StrCat("failpoint ", record.lsn));
    }
  }

 private:
  Instant now_ = FromNanos(1'000'000'000);
  MemoryFileSystem memory_;
  FaultyFileSystem disk_{memory_};
  Failpoints failpoints_;
  std::unique_ptr<NodeStorage> storage_;
  std::vector<Event> posted_;
  std::vector<std::string> journal_;
  std::unique_ptr<Node> node_;
};

}  // namespace replsim
