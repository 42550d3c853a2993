#include "simulator/explore/every_io.h"

#include <array>
#include <string>
#include <vector>

#include "common/protocol/failpoint_names.h"
#include "simulator/scenario/check.h"

namespace replsim {
namespace {

struct Moment {
  bool after;
  bool flush;  // a flush, otherwise a write
};
constexpr std::array<Moment, 4> kMoments = {
    {{false, false}, {true, false}, {false, true}, {true, true}}};

constexpr int64_t kDownNs = 20'000'000;

}  // namespace

uint64_t CrashesOf(const proto::Scenario& scenario, uint64_t writes) {
  return NodeIds(scenario).size() * kMoments.size() * writes;
}

proto::Scenario WithCrash(const proto::Scenario& scenario, uint64_t number) {
  const std::vector<std::string> nodes = NodeIds(scenario);
  uint64_t rest = number - 1;
  const Moment moment = kMoments[rest % kMoments.size()];
  rest /= kMoments.size();
  const std::string& node = nodes[rest % nodes.size()];
  const uint64_t hit = rest / nodes.size() + 1;
  const Point of_primary = moment.flush ? Point::kPrimaryFlush : Point::kPrimaryWrite;
  const Point of_replica = moment.flush ? Point::kReplicaFlush : Point::kReplicaWrite;
  proto::Scenario crashing = scenario;
  crashing.clear_faults();
  crashing.clear_expect();
  proto::Fault* crash = crashing.add_faults();
  crash->set_do_(proto::POWER_LOSS);
  crash->set_node(node);
  crash->set_torn(hit % 2 == 0);
  crash->mutable_when()->set_hit(hit);
  crash->mutable_when()->set_point(
      ToString(FailpointName{moment.after, node == nodes.front() ? of_primary : of_replica}));
  proto::Fault* restart = crashing.add_faults();
  restart->set_do_(proto::RESTART);
  restart->set_node(node);
  restart->mutable_when()->mutable_after_previous()->set_ns(kDownNs);
  return crashing;
}

}  // namespace replsim
