// Recordings for tests of reports.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/unit/fake_recording.h"

namespace replsim {

// Returns a run in which p acknowledges two writes and dies; r1 has the first one and is promoted.
inline FakeRecording LosingRun() {
  FakeRecording fake({"p", "r1"});
  fake.manifest().set_final_primary("r1");
  fake.Started("p", 900).Leads("p", 900, 1, 0).Started("r1", 900);
  fake.Append("p", 1101, 1, 1).Append("p", 1201, 1, 2).Reaches("r1", 1120, 1, 1);
  fake.Trace("p", 1102, TraceKind::kFlush, 1, 1)
      .Trace("p", 1122, TraceKind::kPeerReceive, 1, 1, "r1");
  fake.Trace("p", 1102, TraceKind::kCommit, 1, 1).Trace("p", 1202, TraceKind::kFlush, 1, 2);
  fake.Trace("p", 1209, TraceKind::kCommit, 1, 2).Leads("r1", 1400, 2, 1);
  fake.Log(fake.Write(3, 713, 1100, 1103, proto::COMMITTED, 1, 1), 1, 1, "r1");
  fake.Write(4, 713, 1200, 1210, proto::COMMITTED, 1, 2);
  fake.Event(1211, proto::RunEvent::KILLED, "p").Event(1350, proto::RunEvent::PROMOTE_BEGIN, "r1");
  fake.Event(1410, proto::RunEvent::PROMOTED, "r1").Event(2500, proto::RunEvent::CONVERGED);
  fake.Log(fake.Write(5, 713, 1450, 1461, proto::COMMITTED, 2, 2), 2, 2, "r1");
  return fake;
}

inline google::protobuf::RepeatedPtrField<proto::Expect> Expect(const std::string& metric,
                                                                const std::string& test) {
  google::protobuf::RepeatedPtrField<proto::Expect> expects;
  proto::Condition& condition = *expects.Add()->add_condition();
  condition.set_metric(metric);
  condition.set_test(test);
  return expects;
}

inline std::vector<Recording> Variants(int count) {
  std::vector<Recording> recordings;
  for (int i = 0; i < count; ++i) {
    FakeRecording fake = LosingRun();
    fake.manifest().set_variant(absl::StrCat("variant-", i));
    recordings.push_back(fake.Done());
  }
  return recordings;
}

// Returns `times` runs of each of two variants, made of LosingRun. The second variant gets slower
// from run to run.
inline std::vector<Recording> Repeats(uint32_t times) {
  std::vector<Recording> recordings;
  for (uint32_t repeat = 1; repeat <= times; ++repeat) {
    for (const char* variant : {"fast", "slow"}) {
      FakeRecording fake = LosingRun();
      fake.manifest().set_variant(variant);
      fake.manifest().set_repeat(repeat);
      fake.manifest().set_seed(41 + repeat);
      recordings.push_back(fake.Done());
      for (Operation& operation : recordings.back().operations) {
        if (*variant == 's') operation.completed_ns += repeat * 10 * kMs;
      }
    }
  }
  return recordings;
}

}  // namespace replsim
