// A cluster for tests of the code that drives clusters. It records every call, and the test answers
// it. Faults succeed at once, unless `fail` names the call; calls in `mute` are never answered.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "simulator/cluster/seam/run_cluster.h"
#include "simulator/cluster/seam/scheduler.h"
#include "simulator/recording/request_name.h"

namespace replsim {

class ScriptedCluster : public RunCluster {
 public:
  explicit ScriptedCluster(Scheduler* scheduler) : scheduler_(scheduler) {}

  struct Sent {
    bool is_write = false;
    uint64_t client = 0;  // this and the three fields below name the request
    uint64_t sequence = 0;
    uint32_t lane = 0;
    uint8_t attempt = 0;
    NodeId node;
    std::string key;
    std::string value{};
    CommandKind kind = CommandKind::kPut;
    std::optional<std::string> expected{};
    ReadMode mode = ReadMode::kAny;
    Position at_least{};
    bool submit = false;  // a write that asks for a ticket
    Position ticket{};    // for a question about a ticket
    bool watch = false;
    Instant sent;
    Instant deadline;
    OperationDone done;

    void Answer(proto::Outcome outcome, Position position = {},
                proto::Reason reason = proto::NONE) {
      OperationResult result;
      result.outcome = outcome;
      result.reason = reason;
      result.position = position;
      if (outcome == proto::COMMITTED) result.served_by = node;
      // Moved out, because the answer may send the next operation, which may move this one.
      std::exchange(done, nullptr)(std::move(result));
    }
    void AnswerRead(Position position, std::optional<std::string> seen) {
      OperationResult result;
      result.outcome = proto::COMMITTED;
      result.position = position;
      result.value = std::move(seen);
      result.served_by = node;
      std::exchange(done, nullptr)(std::move(result));
    }
    void AnswerWithoutEffect(Position position) {
      OperationResult result;
      result.outcome = proto::COMMITTED;
      result.position = position;
      result.took_effect = false;
      result.served_by = node;
      std::exchange(done, nullptr)(std::move(result));
    }
  };

  CapabilitySet capabilities() const override { return CapabilitySet::All(); }
  std::string kind() const override { return "scripted"; }

  void Write(uint64_t client, uint64_t sequence, absl::string_view key, absl::string_view value,
             Instant deadline, OperationDone done) override {
    const RequestName name = RequestName::Of(client, sequence);
    sent.push_back({.is_write = true,
                    .client = name.client,
                    .sequence = name.sequence,
                    .lane = name.lane,
                    .attempt = name.attempt,
                    .node = leader,
                    .key = std::string(key),
                    .value = std::string(value),
                    .sent = scheduler_->Now(),
                    .deadline = deadline,
                    .done = std::move(done)});
  }
  void Execute(const Command& command, Instant deadline, OperationDone done) override {
    Write(command.client, command.sequence, command.key, command.value, deadline, std::move(done));
    sent.back().kind = command.kind;
    if (command.expected) sent.back().expected = std::string(*command.expected);
  }
  void Submit(uint64_t client, uint64_t sequence, absl::string_view key, absl::string_view value,
              Instant deadline, OperationDone done) override {
    Write(client, sequence, key, value, deadline, std::move(done));
    sent.back().submit = true;
  }
  void AskTicket(uint64_t client, Position ticket, bool watch, Instant deadline,
                 OperationDone done) override {
    sent.push_back({.client = client,
                    .node = leader,
                    .key = "",
                    .ticket = ticket,
                    .watch = watch,
                    .sent = scheduler_->Now(),
                    .deadline = deadline,
                    .done = std::move(done)});
  }
  void Read(uint64_t client, const NodeId& node, absl::string_view key, ReadMode mode,
            Position at_least, Instant deadline, OperationDone done) override {
    sent.push_back({.client = client,
                    .node = node,
                    .key = std::string(key),
                    .mode = mode,
                    .at_least = at_least,
                    .sent = scheduler_->Now(),
                    .deadline = deadline,
                    .done = std::move(done)});
  }
  NodeId primary() const override { return leader; }
  const std::vector<NodeId>& nodes() const override { return node_ids; }
  std::vector<NodeId> link_ends() const override {
    std::vector<NodeId> ends = node_ids;
    ends.emplace_back("client");
    return ends;
  }

  void Kill(const NodeId& node, Done done) override { Log("kill ", node, std::move(done)); }
  void LoseHost(const NodeId& node, Done done) override {
    Log("host-loss ", node, std::move(done));
  }
  void Restart(const NodeId& node, Done done) override { Log("restart ", node, std::move(done)); }
  void Pause(const NodeId& node, Done done) override { Log("pause ", node, std::move(done)); }
  void Resume(const NodeId& node, Done done) override { Log("resume ", node, std::move(done)); }
  void Promote(const NodeId& node, Done done) override {
    Log("promote ", node.empty() ? NodeId("best") : node, std::move(done));
  }
  void Demote(const NodeId& node, Done done) override { Log("demote ", node, std::move(done)); }
  void SetLink(const NodeId& from, const NodeId& to, LinkSpec spec) override {
    calls.push_back(absl::StrCat("link ", from.name(), ">", to.name(), " ", spec.delay.plus().ns(),
                                 "+", spec.jitter.count(), "ns"));
    if (spec.bits_per_second > 0)
      absl::StrAppend(&calls.back(), " ", spec.bits_per_second, "bit/s");
    if (spec.loss > 0) absl::StrAppend(&calls.back(), " loss ", spec.loss);
  }
  void CutLink(const NodeId& from, const NodeId& to) override {
    calls.push_back(absl::StrCat("cut ", from.name(), ">", to.name()));
  }
  void HealLink(const NodeId& from, const NodeId& to) override {
    calls.push_back(absl::StrCat("heal ", from.name(), ">", to.name()));
  }
  void LosePower(const NodeId& node, std::optional<uint64_t> torn_seed, PowerLost done) override {
    Log(torn_seed ? "power-loss torn " : "power-loss ", node,
        [done = std::move(done)](const absl::Status& status) mutable {
          if (!status.ok()) return done(status);
          done(uint64_t{100});
        });
  }
  void SetDisk(const NodeId& node, const proto::SetDiskRequest& change, Done done) override {
    Log(absl::StrCat("disk {", change.ShortDebugString(), "} "), node, std::move(done));
  }
  void FlipBit(const NodeId& node, Lsn lsn, uint64_t,
               absl::AnyInvocable<void(absl::StatusOr<BitFlipped>)> done) override {
    Log(absl::StrCat("flip ", lsn.value(), " "), node,
        [done = std::move(done), lsn](const absl::Status& status) mutable {
          if (!status.ok()) return done(status);
          done(BitFlipped{"log at offset 40", lsn});
        });
  }
  void OnNodeFailed(NodeFailed failed) override { node_failed = std::move(failed); }
  void SetApplyDelay(const NodeId& node, Nanos per_entry, Done done) override {
    Log(absl::StrCat("slow ", per_entry.count(), "ns "), node, std::move(done));
  }
  void ArmFailpoint(const NodeId& node, FailpointSpec spec, Done done) override {
    Log(absl::StrCat("arm ", spec.point, " hit ", spec.hit, " lsn ", spec.lsn,
                     spec.pause ? " pause " : " kill "),
        node, std::move(done));
  }
  void ResetLink(const NodeId& a, const NodeId& b) override {
    calls.push_back(absl::StrCat("reset ", a.name(), ">", b.name()));
  }
  void SetShare(const NodeId& node, double share, Done done) override {
    Log(absl::StrCat("share ", share, " "), node, std::move(done));
  }
  void SetWallClock(const NodeId& node, Nanos ahead, double drift, Done done) override {
    Log(absl::StrCat("clock ", ahead.count(), "ns ", drift, " "), node, std::move(done));
  }
  void OnFailpointFired(FailpointFired fired) override { failpoint_fired = std::move(fired); }

  void OnEvent(EventSink) override {}
  void Start(Done done) override { Log("start ", leader, std::move(done)); }
  NodeState state(const NodeId&) const override { return NodeState::kUp; }
  void Describe(absl::AnyInvocable<void(Statuses)> done) override {
    scheduler_->At(scheduler_->Now(), [done = std::move(done)]() mutable { done({}); });
  }
  void Scan(const NodeId&, Scanned done) override {
    scheduler_->At(scheduler_->Now(),
                   [done = std::move(done)]() mutable { done(std::vector<FinalEntry>()); });
  }
  void Disconnect() override { calls.push_back("disconnect"); }

  std::vector<Sent> sent;
  std::vector<std::string> calls;
  std::map<std::string, absl::Status> fail;  // by call, spelled as in `calls`
  std::set<std::string> mute;
  Nanos fault_takes{0};
  NodeId leader{"p"};
  std::vector<NodeId> node_ids{NodeId("p"), NodeId("r1"), NodeId("r2")};
  FailpointFired failpoint_fired;
  NodeFailed node_failed;

 private:
  void Log(absl::string_view what, const NodeId& node, Done done) {
    calls.push_back(absl::StrCat(what, node.name()));
    if (mute.contains(calls.back())) return;
    const auto failure = fail.find(calls.back());
    scheduler_->At(scheduler_->Now() + fault_takes,
                   [status = failure == fail.end() ? absl::OkStatus() : failure->second,
                    done = std::move(done)]() mutable { done(status); });
  }

  Scheduler* scheduler_;
};

}  // namespace replsim
