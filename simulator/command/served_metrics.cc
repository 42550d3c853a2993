#include "simulator/command/served_metrics.h"

#include <utility>
#include <vector>

#include "common/server/metrics/prometheus_text.h"
#include "protos/types.pb.h"
#include "simulator/analysis/evidence/fault_intervals.h"

namespace replsim {
namespace {

const char* LabelOf(Condition kind) {
  switch (kind) {
    case Condition::kDown:
      return "down";
    case Condition::kPaused:
      return "paused";
    case Condition::kCut:
      return "partition";
    case Condition::kLink:
      return "link";
    case Condition::kDisk:
      return "disk";
    case Condition::kApply:
      return "slow_apply";
    case Condition::kShare:
      return "slow_node";
    case Condition::kClock:
      return "clock_skew";
    case Condition::kFlap:
      return "flapping_link";
    case Condition::kNone:
      break;
  }
  return "";
}

void AddOutcomes(const std::array<uint64_t, 4>& counts, PrometheusText* page) {
  constexpr std::pair<proto::Outcome, const char*> kOutcomes[] = {
      {proto::COMMITTED, "committed"}, {proto::REJECTED, "rejected"}, {proto::UNKNOWN, "unknown"}};
  for (const auto& [outcome, label] : kOutcomes) {
    page->Add(static_cast<double>(counts[outcome]), {{"outcome", label}});
  }
}

}  // namespace

class ServedMetrics::CountingSink : public RecordingSink {
 public:
  CountingSink(ServedMetrics* metrics, std::unique_ptr<RecordingSink> sink)
      : metrics_(metrics), sink_(std::move(sink)) {}
  ~CountingSink() override { metrics_->EndRun(); }

  absl::Status Add(const Operation& operation) override {
    metrics_->Add(operation);
    return sink_->Add(operation);
  }
  absl::Status Add(const proto::RunEvent& event) override {
    metrics_->Add(event);
    return sink_->Add(event);
  }
  absl::Status AddList(const ListedValue& list) override { return sink_->AddList(list); }
  absl::Status Flush() override { return sink_->Flush(); }
  absl::Status AddFinalState(const std::string& node, std::vector<FinalEntry> keys) override {
    return sink_->AddFinalState(node, std::move(keys));
  }
  absl::Status Begin(const proto::Manifest& manifest) override { return sink_->Begin(manifest); }
  absl::Status End(const proto::Manifest& manifest) override { return sink_->End(manifest); }

 private:
  ServedMetrics* const metrics_;
  const std::unique_ptr<RecordingSink> sink_;
};

std::unique_ptr<RecordingSink> ServedMetrics::CountInto(std::unique_ptr<RecordingSink> sink) {
  return std::make_unique<CountingSink>(this, std::move(sink));
}

void ServedMetrics::Add(const Operation& operation) {
  const absl::MutexLock lock(&mutex_);
  Counts& counts = operation.is_write != 0 ? writes_ : reads_;
  if (operation.outcome < counts.size()) ++counts[operation.outcome];
}

void ServedMetrics::Add(const proto::RunEvent& event) {
  const absl::MutexLock lock(&mutex_);
  if (event.kind() == proto::RunEvent::LOAD_BEGIN) load_ = true;
  if (event.kind() == proto::RunEvent::LOAD_END) load_ = false;
  // Every event in the recording began one fault. The new event begins at most one fault and may
  // end some.
  in_force_.events.push_back(event);
  const std::vector<FaultInterval> intervals = FindFaultIntervals(in_force_);
  std::vector<proto::RunEvent> still;
  active_.clear();
  for (size_t i = 0; i < intervals.size(); ++i) {
    if (intervals[i].end_ns) continue;
    still.push_back(in_force_.events[i]);
    active_.insert({LabelOf(intervals[i].kind), intervals[i].node, intervals[i].peer});
  }
  in_force_.events = std::move(still);
  seen_.insert(active_.begin(), active_.end());
}

void ServedMetrics::EndRun() {
  const absl::MutexLock lock(&mutex_);
  load_ = false;
  in_force_.events.clear();
  active_.clear();
}

std::string ServedMetrics::Text() const {
  PrometheusText page({});
  const absl::MutexLock lock(&mutex_);
  page.Family("replsim_client_writes_total", PrometheusText::Kind::kCounter,
              "Writes by the outcome that their client saw. unknown: no answer in time.");
  AddOutcomes(writes_, &page);
  page.Family("replsim_client_reads_total", PrometheusText::Kind::kCounter,
              "Reads by the outcome that their client saw. committed: answered.");
  AddOutcomes(reads_, &page);
  page.Family("replsim_load_active", PrometheusText::Kind::kGauge,
              "1 while the clients of a run send writes and reads.");
  page.Add(load_);
  page.Family("replsim_fault_active", PrometheusText::Kind::kGauge,
              "1 while the fault is in force on the node, or on the link from node to peer; 0 "
              "after it. Absent: it has not happened.");
  for (const Place& place : seen_) {
    const auto& [kind, node, peer] = place;
    PrometheusText::Labels labels = {{"kind", kind}, {"node", node}};
    if (!peer.empty()) labels.emplace_back("peer", peer);
    page.Add(active_.contains(place), labels);
  }
  return page.text();
}

}  // namespace replsim
