// Random elections, faults and writes, made up record by record: the failovers and the parts of an
// outage against a second implementation of their definition (outage_reference.h). The instants lie
// close together, so that many coincide.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "common/base/rng.h"
#include "simulator/analysis/availability.h"
#include "tests/unit/fake_recording.h"
#include "tests/virtual/outage_reference.h"

namespace replsim::outage_election_test {
namespace {

using proto::RunEvent;

const char* const kNodes[] = {"p", "r1", "r2"};

class Made {
 public:
  explicit Made(uint64_t seed) : random_(seed) {
    for (const char* node : kNodes) fake_.Started(node, 800);
    fake_.Leads("p", 900, 1, 0);
    for (uint32_t epoch = 2; epoch <= 4; ++epoch) Round(epoch);
    for (int i = Number(0, 6); i > 0; --i) {
      fake_.Trace(Node(), Time(), TraceKind::kSuspects, 1, 0);
    }
    for (int i = Number(0, 3); i > 0; --i) {
      const TraceKind signs[] = {TraceKind::kFollows, TraceKind::kConnected};
      fake_.Trace(Node(), Time(), signs[Number(0, 1)], 1, 0);
    }
    for (int i = Number(0, 4); i > 0; --i) {
      fake_.Event(Time(), RunEvent::PRIMARY_FOUND, Node(), "client");
    }
    for (int i = Number(0, 8); i > 0; --i) Write();
    Fault();
  }

  Recording Done() {
    for (const char* id : kNodes) {
      auto& trace = *fake_.node(id).trace;
      std::erase_if(trace, [&](const TraceRecord& record) {
        return id == killed_ && record.time_ns > FakeRecording::Ns(from_) &&
               record.time_ns <= FakeRecording::Ns(to_) &&
               static_cast<TraceKind>(record.kind) != TraceKind::kStarted;
      });
    }
    return fake_.Done();
  }

 private:
  int Number(int low, int high) {
    return low + static_cast<int>(random_.Below(static_cast<uint64_t>(high - low + 1)));
  }
  double Time() { return Number(1000, 1060); }
  const char* Node() { return kNodes[Number(0, 2)]; }

  // A candidacy for the epoch that succeeds, fails, or is missing; or a promotion by a fault.
  void Round(uint32_t epoch) {
    const char* node = Node();
    const double begin = Time();
    const double led = begin + Number(0, 15);
    // A promotion is the only candidacy of its node, so there is no doubt about what it led to.
    if (promoted_.contains(node)) return;
    const bool first = stood_.insert(node).second;
    switch (Number(0, 5)) {
      case 0:
        return;
      case 1:
        if (!first) return;
        Promote(node, begin);
        fake_.Leads(node, led, epoch, 0);
        if (Number(0, 1) == 1) fake_.Event(led + Number(0, 3), RunEvent::PROMOTED, node);
        return;
      case 2:
        fake_.Trace(node, begin, TraceKind::kStands, epoch, 0);
        return;
      default:
        if (first && Number(0, 3) == 0) {
          Promote(node, begin - Number(0, 9));
        }
        if (Number(0, 4) > 0) fake_.Trace(node, begin, TraceKind::kStands, epoch, 0);
        if (const char* voter = Node(); voter != node) {
          fake_.Trace(voter, begin, TraceKind::kVotes, epoch, 0, node);
        }
        fake_.Trace(node, begin + Number(0, static_cast<int>(led - begin)), TraceKind::kElected,
                    epoch, 0);
        fake_.Leads(node, led, epoch, 0);
        if (const char* late = Node(); late != node) {
          fake_.Trace(late, led + Number(1, 9), TraceKind::kVotes, epoch, 0, node);
        }
    }
  }

  void Promote(const std::string& node, double time) {
    promoted_.insert(node);
    fake_.Event(time, RunEvent::PROMOTE_BEGIN, node);
  }

  void Write() {
    const double invoked = Time();
    const auto outcome = Number(0, 3) > 0 ? proto::COMMITTED : proto::UNKNOWN;
    fake_.Write(1, 1, invoked, invoked + Number(0, 10), outcome,
                static_cast<uint32_t>(Number(1, 4)), ++lsn_);
  }

  void Fault() {
    const char* node = Node();
    from_ = Time();
    to_ = from_ + Number(1, 30);
    switch (Number(0, 5)) {
      case 0:
        return;
      case 3:
        fake_.Trace(node, from_, TraceKind::kStepsDown, static_cast<uint32_t>(Number(1, 3)), 0);
        fake_.Event(from_ + Number(-1, 2), RunEvent::DEMOTED, node);
        return;
      case 1:
        fake_.Event(from_, RunEvent::PAUSED, node).Event(to_, RunEvent::RESUMED, node);
        return;
      case 2:
        fake_.Event(from_, RunEvent::LINK_PARTITIONED, node, Node());
        return;
      default:
        killed_ = node;
        fake_.Event(from_, RunEvent::KILLED, node);
        if (Number(0, 1) == 0) {
          to_ = 4000;
        } else {
          fake_.Started(node, to_).Event(to_, RunEvent::RESTARTED, node);
        }
    }
  }

  Rng random_;
  FakeRecording fake_{{kNodes[0], kNodes[1], kNodes[2]}};
  uint64_t lsn_ = 0;
  std::set<std::string> promoted_;
  std::set<std::string> stood_;
  std::string killed_;
  double from_ = 0;
  double to_ = 0;
};

void ExpectPart(double told_ms, int64_t plain_ns, const char* what) {
  EXPECT_DOUBLE_EQ(told_ms, static_cast<double>(plain_ns) / 1e6) << what;
}

TEST(OutageOfAnElection, HasThePartsOfItsDefinition) {
  int elected = 0;
  int discovered = 0;
  int suspected_before = 0;
  for (uint64_t seed = 1; seed <= 5000 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const Recording recording = Made(seed).Done();
    const LeadershipHistory history(recording);
    const Fates fates = DecideFates(recording, FinalLog(recording));
    const proto::RunReport::Availability told =
        MeasureAvailability(recording, history, fates, OutageTable(recording, history));
    const ReferenceFigures plain =
        MeasurePlainly(recording, std::vector<bool>(recording.operations.size()));
    EXPECT_EQ(told.failovers(), plain.failovers);
    ASSERT_EQ(told.has_rto_ms(), plain.rto_ns.has_value());
    if (plain.rto_ns) ExpectPart(told.rto_ms(), *plain.rto_ns, "RTO");
    ASSERT_EQ(told.has_detect_ms(), plain.parts.has_value());
    if (!plain.parts) continue;
    ExpectPart(told.detect_ms(), plain.parts->detect_ns, "detect");
    ExpectPart(told.elect_ms(), plain.parts->elect_ns, "elect");
    ExpectPart(told.promote_ms(), plain.parts->promote_ns, "promote");
    ExpectPart(told.discover_ms(), plain.parts->discover_ns, "discover");
    ExpectPart(told.first_write_ms(), plain.parts->first_write_ns, "first write");
    EXPECT_DOUBLE_EQ(told.detect_ms() + told.elect_ms() + told.promote_ms() + told.discover_ms() +
                         told.first_write_ms(),
                     told.rto_ms());
    if (told.elect_ms() > 0) ++elected;
    if (told.discover_ms() > 0) ++discovered;
    if (told.elect_ms() > 0 && told.detect_ms() == 0) ++suspected_before;
  }
  EXPECT_GT(elected, 200) << "else few elections were compared";
  EXPECT_GT(discovered, 20);
  EXPECT_GT(suspected_before, 50);
}

}  // namespace
}  // namespace replsim::outage_election_test
