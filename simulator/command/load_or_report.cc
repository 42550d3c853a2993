#include "simulator/command/load_or_report.h"

#include <cstdio>
#include <utility>

namespace replsim {
namespace {

std::optional<LoadedScenario> Report(absl::StatusOr<LoadedScenario> loaded) {
  if (!loaded.ok()) {
    std::fprintf(stderr, "%s\n", std::string(loaded.status().message()).c_str());
    return std::nullopt;
  }
  std::fputs(WarningsText(*loaded).c_str(), stderr);
  return *std::move(loaded);
}

}  // namespace

std::optional<LoadedScenario> LoadOrReport(const std::string& path,
                                           const std::vector<std::string>& sets,
                                           const std::vector<std::string>& varies) {
  return Report(LoadScenario(path, sets, varies));
}

std::optional<LoadedScenario> LoadTextOrReport(const std::string& text, const std::string& source,
                                               const std::vector<std::string>& sets,
                                               const std::vector<std::string>& varies) {
  return Report(LoadScenarioText(text, source, sets, varies));
}

}  // namespace replsim
