#include "simulator/command/scenarios_command.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/time.h"
#include "simulator/command/exit_status.h"
#include "simulator/command/program_folder.h"
#include "simulator/scenario/scenario.h"
#include "simulator/scenario/text_table.h"

namespace replsim {
namespace {

namespace fs = std::filesystem;

constexpr char kScenariosHere[] = "scenarios";
constexpr size_t kScenariosWidth = 80;

std::string InstalledScenarios() {
  return (fs::path(ProgramFolder()).parent_path() / "share/replsim/scenarios").string();
}

std::vector<std::string> ScenarioFiles(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Estimates the total time: the load of all variants in sequence, plus a typical start and
// convergence.
std::string TypicalSeconds(const LoadedScenario& loaded) {
  constexpr double kAround = 1;
  double seconds = 0;
  for (const Variant& variant : loaded.variants) {
    seconds += static_cast<double>(variant.scenario.duration().ns()) / kSecondNs + kAround;
  }
  return absl::StrCat(static_cast<int64_t>(std::ceil(seconds)));
}

}  // namespace

absl::StatusOr<std::string> FindScenarios(const std::string& given) {
  std::error_code error;
  if (!given.empty()) {
    if (fs::is_directory(given, error)) return given;
    return absl::InvalidArgumentError(absl::StrCat("--dir ", given, ": there is no such folder"));
  }
  for (const std::string& place : {std::string(kScenariosHere), InstalledScenarios()}) {
    if (fs::is_directory(place, error)) return place;
  }
  return absl::InvalidArgumentError(absl::StrCat("there is neither ", kScenariosHere, " nor ",
                                                 InstalledScenarios(),
                                                 "; name the folder with --dir"));
}

int ListScenarios(const std::string& given) {
  const absl::StatusOr<std::string> folder = FindScenarios(given);
  if (!folder.ok()) return UsageError(folder.status());
  std::vector<std::vector<std::string>> rows = {{"scenario", "seconds", "question"}};
  int status = kExitHeld;
  for (const std::string& file : ScenarioFiles(*folder)) {
    const absl::StatusOr<LoadedScenario> loaded = LoadScenario(file, {}, {});
    if (!loaded.ok()) {
      status = UsageError(loaded.status());
      continue;
    }
    rows.push_back(
        {fs::path(file).stem().string(), TypicalSeconds(*loaded), loaded->scenario.question()});
  }
  std::printf("%s\nTo run one: replsim run %s/NAME.yaml\n",
              TextTable(rows, "", kScenariosWidth).c_str(), folder->c_str());
  return status;
}

}  // namespace replsim
