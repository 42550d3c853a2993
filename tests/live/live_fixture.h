// Fixture of live tests: a folder per test, the programs under test, and small scenarios as text.
// The folder is kept if the test fails.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/live/command.h"

namespace replsim {

class LiveTest : public testing::Test {
 protected:
  LiveTest() {
    std::string path = (std::filesystem::temp_directory_path() / "replsim-test-XXXXXX").string();
    folder_ = mkdtemp(path.data());
  }
  ~LiveTest() override {
    if (!HasFailure()) std::filesystem::remove_all(folder_);
  }

  const std::string& folder() const { return folder_; }
  std::string runs() const { return folder_ + "/runs"; }

  std::string WriteFile(const std::string& name, const std::string& text) const {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path) << text;
    return path;
  }
  static std::string ReadFile(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }

  CommandResult Replsim(const std::string& arguments) const {
    return RunCommand(absl::StrCat(REPLSIM_BIN, "/replsim ", arguments));
  }
  // Runs a scenario given as text; its recordings are in runs()/<name>/latest.
  CommandResult RunScenarioText(const std::string& text, const std::string& options = "") const {
    return Replsim(absl::StrCat("run ", WriteFile("scenario.yaml", text), " --quiet --out ", runs(),
                                " ", options));
  }

  // Returns a healthy cluster with a light load; `more` is appended.
  static std::string SmallScenario(const std::string& more) {
    return absl::StrCat(
        "name: small\nquestion: Does it work?\nduration: 1s\ncluster: {replicas: 2}\n"
        "workload:\n  clients: 8\n  deadline: 1s\n  arrival: {rate: 400/s}\n  mix: {write: 1}\n"
        "  keys: {count: 100, distribution: uniform}\n  value_bytes: 100\n",
        more);
  }

 private:
  std::string folder_;
};

}  // namespace replsim
