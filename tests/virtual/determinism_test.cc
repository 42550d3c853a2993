// The same scenario and seed leave the same files, byte for byte; another seed leaves others.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "simulator/command/virtual_run.h"
#include "simulator/recording/run_folder.h"
#include "simulator/scenario/scenario.h"

namespace replsim::determinism_test {
namespace {

using Files = std::map<std::string, std::string>;

class DeterminismTest : public testing::TestWithParam<std::string> {
 protected:
  DeterminismTest() {
    std::string path = (std::filesystem::temp_directory_path() / "replsim-test-XXXXXX").string();
    folder_ = mkdtemp(path.data());
  }
  ~DeterminismTest() override { std::filesystem::remove_all(folder_); }

  Files Run(const Variant& variant, const std::string& name, uint64_t seed) {
    proto::Scenario scenario = variant.scenario;
    scenario.set_seed(seed);
    const auto folder = CreateVariantFolder(folder_ + "/" + name, "", /*only=*/true);
    EXPECT_TRUE(folder.ok()) << folder.status();
    const absl::Status status = RunVirtual(scenario, *folder, {variant.name, "virtual", "", {}});
    EXPECT_TRUE(status.ok()) << status;
    Files files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(*folder)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      std::stringstream bytes;
      bytes << file.rdbuf();
      files[std::filesystem::relative(entry.path(), *folder).string()] = bytes.str();
    }
    return files;
  }

  std::string folder_;
};

TEST_P(DeterminismTest, OneSeedLeavesOneRecording) {
  const auto loaded = LoadScenario(std::string(REPLSIM_SCENARIOS "/") + GetParam(), {}, {});
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  for (const Variant& variant : loaded->variants) {
    const uint64_t seed = variant.scenario.seed();
    const Files first = Run(variant, "first", seed);
    const Files again = Run(variant, "again", seed);
    ASSERT_EQ(first.size(), again.size()) << variant.name;
    EXPECT_GT(first.size(), 10u) << "history, events, and what three nodes leave";
    for (const auto& [name, bytes] : first) {
      EXPECT_TRUE(again.at(name) == bytes) << variant.name << ": " << name << " differs";
    }
    EXPECT_FALSE(Run(variant, "other", seed + 1).at("history") == first.at("history"))
        << variant.name << ": another seed changed nothing";
    for (const char* name : {"first", "again", "other"}) {
      std::filesystem::remove_all(folder_ + "/" + name);
    }
  }
}

std::vector<std::string> AllScenarios() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(REPLSIM_SCENARIOS)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, DeterminismTest, testing::ValuesIn(AllScenarios()),
                         [](const testing::TestParamInfo<std::string>& scenario) {
                           std::string name = scenario.param.substr(0, scenario.param.rfind('.'));
                           for (char& c : name)
                             c = isalnum(static_cast<unsigned char>(c)) ? c : '_';
                           return name;
                         });

}  // namespace
}  // namespace replsim::determinism_test
