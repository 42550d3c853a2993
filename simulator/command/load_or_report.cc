#include "simulator/command/load_or_report.h"

#include <cstdio>
#include <utility>

namespace replsim {

std::optional<LoadedScenario> LoadOrReport(const std::string& path,
                                           const std::vector<std::string>& sets,
                                           const std::vector<std::string>& varies) {
  absl::StatusOr<LoadedScenario> loaded = LoadScenario(path, sets, varies);
  if (!loaded.ok()) {
    std::fprintf(stderr, "%s\n", std::string(loaded.status().message()).c_str());
    return std::nullopt;
  }
  std::fputs(WarningsText(*loaded).c_str(), stderr);
  return *std::move(loaded);
}

}  // namespace replsim
