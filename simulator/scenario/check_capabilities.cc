#include "simulator/cluster/systems/system_kinds.h"
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

void CheckSystem(const proto::Scenario& scenario, const Places& places, Mistakes* mistakes) {
  const SystemKind* const system = FindSystem(scenario.cluster().system());
  if (system == nullptr) {
    if (scenario.cluster().settings().empty()) return;
    mistakes->Add(places.Find("cluster.settings"),
                  "settings are those of a real server; expected none with system: replsim");
    return;
  }
  CheckCapabilities(scenario, places, system->cluster, mistakes);
  for (const SystemRefusal& refusal : RefusalsOf(*system, scenario)) {
    if (places.IsUnread(refusal.path)) continue;
    mistakes->Add(places.Find(refusal.path), refusal.text);
  }
}

}  // namespace replsim
