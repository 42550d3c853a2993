#include "simulator/scenario/check.h"

namespace replsim {

void CheckCapabilities(const proto::Scenario& scenario, const Places& places,
                       const ClusterKind& cluster, Mistakes* mistakes) {
  for (const Need& need : UnmetNeeds(scenario, cluster.capabilities)) {
    if (!places.IsUnread(need.path)) {
      mistakes->Add(places.Find(need.path), RefusalText(need, cluster));
    }
  }
}

}  // namespace replsim
