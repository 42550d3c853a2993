// The real systems that cluster.system names: the capabilities of each, and the settings of a
// scenario that it does not have. Only tables and checks: simulator/cluster/foreign starts the
// servers. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "protos/scenario.pb.h"
#include "simulator/cluster/seam/scenario_needs.h"

namespace replsim {

// A key of the scenario whose value the system does not have, and the nearest one that it has.
struct SystemRefusal {
  std::string path;  // the key's path: "replication.ack_after"
  std::string text;  // for people: "redis has no …; nearest is …"
};

struct SystemKind {
  proto::System system;
  ClusterKind cluster;
  const char* apt;  // the Debian package of the server
  // Appends the refusals that only this system has.
  void (*refuse)(const proto::Scenario& scenario, std::vector<SystemRefusal>* refusals);
};

// Every real system, in the order of the enum.
const std::vector<SystemKind>& SystemKinds();
// Null for REPLSIM and for an unset system.
const SystemKind* FindSystem(proto::System system);

// Returns what the servers of `kind` cannot do in this scenario, which is resolved. Empty: they can
// run it.
std::vector<SystemRefusal> RefusalsOf(const SystemKind& kind, const proto::Scenario& scenario);

// Appends a refusal for every setting in `owned` that cluster.settings sets, and for names and
// values that no configuration file can hold. `owned`: settings that replsim or a knob decides.
void RefuseOwnedSettings(const proto::Scenario& scenario,
                         const std::vector<absl::string_view>& owned,
                         std::vector<SystemRefusal>* refusals);

}  // namespace replsim
