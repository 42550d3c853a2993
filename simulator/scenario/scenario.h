// A scenario file, loaded: read, overridden by flags, checked, and taken apart into the runs it
// stands for. Everything that runs or reports takes the messages from here and asks no more of the
// file.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protos/scenario.pb.h"
#include "simulator/cluster/seam/scenario_needs.h"
#include "simulator/scenario/mistakes.h"

namespace replsim {

// One run. Its scenario has every knob explicit, no `vary`, and keeps its preset's name.
struct Variant {
  std::string name;  // the values that vary ("sync", "sync, 40ms"); else the preset, or "run"
  proto::Scenario scenario;
  std::vector<Mistake> warnings{};  // what can run and is hardly meant (warnings.h)
};

struct LoadedScenario {
  proto::Scenario scenario;       // every knob explicit, as if nothing varied; keeps `vary`
  std::vector<Variant> variants;  // at least one; no two of one name
  // The file with the flags applied and nothing filled in. Where something varies, this is what
  // stands for the runs in a file: defaults spelled out (a preset's knobs above all) would override
  // what varies.
  proto::Scenario as_written;
};

// Flags as typed behind --set and --vary (overrides.h). An error lists all mistakes, one a line,
// each with its place, at most `most_told` of them. Expectations of variants that flags took away
// are left out. With `cluster`, a scenario that needs more than that cluster has is a mistake.
absl::StatusOr<LoadedScenario> LoadScenario(const std::string& path,
                                            const std::vector<std::string>& sets,
                                            const std::vector<std::string>& varies,
                                            size_t most_told = Mistakes::kMaxTold,
                                            const ClusterKind* cluster = nullptr);

// The same of a text; `source` is the file that places will name, and names the scenario if it does
// not name itself.
absl::StatusOr<LoadedScenario> LoadScenarioText(const std::string& text, const std::string& source,
                                                const std::vector<std::string>& sets,
                                                const std::vector<std::string>& varies,
                                                size_t most_told = Mistakes::kMaxTold,
                                                const ClusterKind* cluster = nullptr);

// `file:line:column: warning: …`, a line each; a warning that not every variant has names those
// that do. Empty: there is none.
std::string WarningsText(const LoadedScenario& loaded);

// The scenario.yaml of a run folder: loading it gives `loaded` again.
std::string ToYaml(const LoadedScenario& loaded);
// The same of one variant alone: nothing varies, and what is expected of others is left out.
std::string ToYaml(const Variant& variant);

}  // namespace replsim
