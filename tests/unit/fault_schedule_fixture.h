// Fixture that runs the faults of a scenario, in text format, on a scripted cluster.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "simulator/faults/fault_schedule.h"
#include "tests/unit/manual_scheduler.h"
#include "tests/unit/scripted_cluster.h"

namespace replsim {

class FaultScheduleTest : public testing::Test {
 protected:
  void Begin(const std::string& scenario_text) {
    proto::Scenario scenario;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(scenario_text, &scenario));
    faults.emplace(scenario, &cluster, &scheduler,
                   [this](const proto::RunEvent& event) { events.push_back(event); });
    faults->Begin([this] { begin = scheduler.Now(); });
    EXPECT_FALSE(begin.has_value()) << "never inside the call";
    scheduler.RunFor(cluster.fault_takes);
    ASSERT_TRUE(begin.has_value());
  }

  absl::Status HealAll() {
    std::optional<absl::Status> healed;
    faults->HealAll([&](const absl::Status& status) { healed = status; });
    scheduler.RunFor(Millis(1000));
    EXPECT_TRUE(healed.has_value());
    return healed.value_or(absl::InternalError("HealAll never ended"));
  }

  // Lets time pass and returns the status of the injection.
  absl::Status Inject(int number) {
    std::optional<absl::Status> outcome;
    faults->Inject(number, [&](const absl::Status& status) { outcome = status; });
    if (!outcome) scheduler.RunFor(cluster.fault_takes);
    return outcome.value_or(absl::InternalError("nothing came of it"));
  }

  // "250ms #1 KILLED p", since the load began.
  std::vector<std::string> Events() const {
    std::vector<std::string> lines;
    for (const proto::RunEvent& event : events) {
      const int64_t ms = (event.time_ns() - ToNanos(*begin)) / 1'000'000;
      lines.push_back(absl::StrCat(ms, "ms #", event.fault(), " ",
                                   proto::RunEvent::Kind_Name(event.kind()), " ", event.node(),
                                   event.peer().empty() ? "" : ">", event.peer()));
    }
    return lines;
  }

  ManualScheduler scheduler;
  ScriptedCluster cluster{&scheduler};
  std::vector<proto::RunEvent> events;
  std::optional<FaultSchedule> faults;
  std::optional<Instant> begin;
};

}  // namespace replsim
