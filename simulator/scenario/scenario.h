// Loads a scenario file: reads it, applies flags, checks it, and expands it into its runs. All code
// that runs or reports uses these messages and does not read the file again. Reading the file is
// the only I/O.
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

// One run. Its scenario has every knob explicit and no `vary`, and keeps the name of its preset.
struct Variant {
  std::string name;  // the varying values ("sync", "sync, 40ms"); otherwise the preset, or "run"
  proto::Scenario scenario;
  std::vector<Mistake> warnings{};  // valid settings that are probably not intended (warnings.h)
};

struct LoadedScenario {
  proto::Scenario scenario;       // every knob explicit, as if nothing varied; keeps `vary`
  std::vector<Variant> variants;  // at least one; names are unique
  // The file with the flags applied, without defaults. If something varies, this form is written to
  // the run folder: explicit defaults, above all a preset's knobs, would override the varying
  // values.
  proto::Scenario as_written;
};

// `sets` and `varies` are the flags as typed (overrides.h). An error lists the mistakes with their
// places, one per line, at most `most_told`. Expectations of variants that flags have removed are
// dropped. With `cluster`, a scenario that needs more than that cluster has is a mistake.
absl::StatusOr<LoadedScenario> LoadScenario(const std::string& path,
                                            const std::vector<std::string>& sets,
                                            const std::vector<std::string>& varies,
                                            size_t most_told = Mistakes::kMaxTold,
                                            const ClusterKind* cluster = nullptr);

// Like LoadScenario, for a text. `source` is the file name in places; it also names the scenario if
// the text does not.
absl::StatusOr<LoadedScenario> LoadScenarioText(const std::string& text, const std::string& source,
                                                const std::vector<std::string>& sets,
                                                const std::vector<std::string>& varies,
                                                size_t most_told = Mistakes::kMaxTold,
                                                const ClusterKind* cluster = nullptr);

// Returns one line per warning: `file:line:column: warning: …`. A warning that only some variants
// have names them. Empty if there is none.
std::string WarningsText(const LoadedScenario& loaded);

// Returns the scenario.yaml of a run folder; loading it gives `loaded` again.
std::string ToYaml(const LoadedScenario& loaded);
// Returns the same for one variant: nothing varies, and expectations of other variants are dropped.
std::string ToYaml(const Variant& variant);

}  // namespace replsim
