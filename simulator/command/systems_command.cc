#include "simulator/command/systems_command.h"

#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "simulator/cluster/systems/system_kinds.h"
#include "simulator/command/cluster_choice.h"
#include "simulator/command/exit_status.h"

namespace replsim {
namespace {

std::string WhatIsHere(const SystemKind& kind) {
  const std::unique_ptr<ForeignSystem> system = NewForeignSystem(kind.system, proto::Scenario());
  if (system == nullptr) return "not in this build";
  const absl::StatusOr<std::string> version = system->Version();
  return version.ok() ? *version : std::string(version.status().message());
}

std::string Missing(const SystemKind& kind) {
  std::vector<std::string> names;
  for (int i = 0; i < kCapabilityCount; ++i) {
    const auto capability = static_cast<Capability>(i);
    // Positions and digests are the recording's affair: the servers' logs are read afterwards.
    if (capability == Capability::kPositions || capability == Capability::kDigests) continue;
    if (!kind.cluster.capabilities.Has(capability)) names.emplace_back(NameOf(capability));
  }
  return absl::StrJoin(names, ", ");
}

}  // namespace

int ListSystems() {
  for (const SystemKind& kind : SystemKinds()) {
    std::printf("%s: %s\n  package: %s\n  without: %s\n", kind.cluster.name.c_str(),
                WhatIsHere(kind).c_str(), kind.apt, Missing(kind).c_str());
  }
  return kExitHeld;
}

}  // namespace replsim
