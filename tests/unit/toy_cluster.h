// A foreign system behind the cluster interface: one map in memory per node. A write reaches the
// first node at once and the others a little later. It has no positions, log or traces, and no
// faults except pauses, like a system of which only the client interface is known.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "simulator/cluster/seam/run_cluster.h"
#include "simulator/cluster/seam/scheduler.h"

namespace replsim {

class ToyCluster final : public RunCluster {
 public:
  // `scheduler` outlives the cluster.
  ToyCluster(int replicas, Scheduler* scheduler) : scheduler_(scheduler) {
    ids_.emplace_back("p");
    for (int i = 1; i <= replicas; ++i) ids_.emplace_back("r" + std::to_string(i));
    for (const NodeId& id : ids_) nodes_[id.name()];
  }

  std::string kind() const override { return "toy"; }
  CapabilitySet capabilities() const override { return {Capability::kPause}; }

  void Write(uint64_t, uint64_t, absl::string_view key, absl::string_view value, Instant,
             OperationDone done) override {
    for (const NodeId& id : ids_) {
      const Nanos delay = id == ids_[0] ? kRoundTrip / 2 : kReplicationDelay;
      After(delay, [this, name = id.name(), key = std::string(key), value = std::string(value)] {
        nodes_[name].data[key] = value;
      });
    }
    After(kRoundTrip,
          [this, done = std::move(done)]() mutable { done(Answer(ids_[0], std::nullopt)); });
  }

  void Read(uint64_t, const NodeId& node, absl::string_view key, ReadMode, Position, Instant,
            OperationDone done) override {
    After(kRoundTrip, [this, node, key = std::string(key), done = std::move(done)]() mutable {
      if (nodes_[node.name()].paused) {
        OperationResult refused;
        refused.outcome = proto::REJECTED;
        refused.reason = proto::UNREACHABLE;
        return done(std::move(refused));
      }
      const auto& data = nodes_[node.name()].data;
      const auto found = data.find(key);
      done(Answer(node, found == data.end() ? std::nullopt : std::optional(found->second)));
    });
  }

  NodeId primary() const override { return ids_[0]; }
  const std::vector<NodeId>& nodes() const override { return ids_; }

  void Pause(const NodeId& node, Done done) override { SetPaused(node, true, std::move(done)); }
  void Resume(const NodeId& node, Done done) override { SetPaused(node, false, std::move(done)); }

  void OnEvent(EventSink) override {}
  void Start(Done done) override {
    started = true;
    After(kRoundTrip, [done = std::move(done)]() mutable { done(absl::OkStatus()); });
  }
  NodeState state(const NodeId& node) const override {
    return nodes_.at(node.name()).paused ? NodeState::kPaused : NodeState::kUp;
  }
  void Describe(absl::AnyInvocable<void(Statuses)> done) override {
    After(kRoundTrip, [this, done = std::move(done)]() mutable {
      Statuses statuses;
      for (const NodeId& id : ids_) statuses.emplace_back(id, NodeStatus());
      done(std::move(statuses));
    });
  }
  void Scan(const NodeId& node, Scanned done) override {
    After(kRoundTrip, [this, node, done = std::move(done)]() mutable {
      std::vector<FinalEntry> entries;
      for (const auto& [key, value] : nodes_[node.name()].data) {
        uint32_t index = 0;
        if (!absl::SimpleAtoi(absl::string_view(key).substr(1), &index)) continue;
        entries.push_back(FinalEntryOf(index, Position(), value));
      }
      done(std::move(entries));
    });
  }
  void Disconnect() override {}

  bool started = false;

 private:
  static constexpr Nanos kRoundTrip = Millis(1);
  static constexpr Nanos kReplicationDelay = Millis(5);

  struct Node {
    std::map<std::string, std::string> data;
    bool paused = false;
  };

  OperationResult Answer(const NodeId& node, std::optional<std::string> value) const {
    OperationResult result;
    result.outcome = proto::COMMITTED;
    result.position = std::nullopt;
    result.value = std::move(value);
    result.served_by = node;
    return result;
  }
  void SetPaused(const NodeId& node, bool paused, Done done) {
    nodes_[node.name()].paused = paused;
    After(kRoundTrip, [done = std::move(done)]() mutable { done(absl::OkStatus()); });
  }
  void After(Nanos delay, Scheduler::Callback callback) {
    scheduler_->At(scheduler_->Now() + delay, std::move(callback));
  }

  Scheduler* const scheduler_;
  std::vector<NodeId> ids_;
  std::map<std::string, Node> nodes_;
};

}  // namespace replsim
