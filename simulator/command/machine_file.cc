#include "simulator/command/machine_file.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/scenario/mistakes.h"
#include "simulator/scenario/scenario.h"
#include "simulator/scenario/yaml_text.h"
#include "simulator/scenario/yaml_tree.h"

namespace replsim {
namespace {

// The rest of a minimal scenario, appended to the block. The machine is then checked like that of a
// scenario, and mistakes keep the file's line numbers.
constexpr char kRest[] = "\nduration: 1s\nworkload: {arrival: {rate: 1/s}}\n";

// Returns nothing unless the file is a map whose only key is `machine`.
const YamlNode* MachineIn(const std::optional<YamlNode>& tree) {
  if (!tree || tree->kind != YamlNode::Kind::kMap || tree->entries.size() != 1) return nullptr;
  const YamlEntry* machine = tree->Find("machine");
  return machine == nullptr || machine->value.kind != YamlNode::Kind::kMap ? nullptr
                                                                           : &machine->value;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> MachineSets(const std::string& path) {
  REPL_ASSIGN_OR_RETURN(const std::string text, ReadFileBytes(path, kScenarioBytesMax));
  Mistakes mistakes;
  const std::optional<YamlNode> tree = ParseYaml(text, path, &mistakes);
  if (!mistakes.empty()) return mistakes.ToStatus();
  const YamlNode* machine = MachineIn(tree);
  if (machine == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(
        path, ": expected one block, machine:, as `replsim calibrate RUN --out FILE` writes it"));
  }
  REPL_RETURN_IF_ERROR(LoadScenarioText(text + kRest, path, {}, {}).status());
  std::vector<std::string> sets;
  for (const YamlEntry& part : machine->entries) {
    sets.push_back(absl::StrCat("machine.", part.key, "=", ToFlowText(part.value)));
  }
  return sets;
}

}  // namespace replsim
