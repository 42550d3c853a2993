// An installed replsim runs from wherever it lies: by its path, through a symbolic link, and found
// in PATH from another folder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "tests/live/command.h"

namespace replsim {
namespace {

namespace fs = std::filesystem;

class InstallTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("replsim-install-" + std::to_string(getpid()));
    const CommandResult installed =
        RunCommand("cmake --install " REPLSIM_BUILD " --prefix " + (folder_ / "usr").string());
    ASSERT_EQ(installed.exit, 0) << installed.output;
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path Installed(const std::string& path) const { return folder_ / "usr" / path; }

  // Runs an installed scenario from an empty folder, with `program` as a user would type it.
  void ExpectRuns(const std::string& program, const std::string& more) {
    const fs::path empty = folder_ / "empty";
    fs::create_directory(empty);
    const CommandResult run =
        RunCommand("cd " + empty.string() + " && PATH=" + Installed("bin").string() + ":$PATH " +
                   program + " run --quiet " +
                   Installed("share/replsim/scenarios/quickstart.yaml").string() + " " + more);
    EXPECT_EQ(run.exit, 0) << program << ": " << run.output;
    EXPECT_THAT(run.output, testing::HasSubstr("report runs/quickstart/"));
  }

  fs::path folder_;
};

TEST_F(InstallTest, HasEverythingInItsPlace) {
  for (const char* path : {
           "bin/replsim",
           "bin/replsim-primary",
           "bin/replsim-replica",
           "share/replsim/scenarios/quickstart.yaml",
           "share/doc/replsim/README.md",
           "share/doc/replsim/LICENSE",
           "share/doc/replsim/LICENSE.uPlot",
           "share/doc/replsim/docs/modes.md",
           "share/doc/replsim/docs/monitoring/grafana-dashboard.json",
           "share/doc/replsim/docs/monitoring/prometheus.yml",
           "share/doc/replsim/scenarios/quickstart.yaml",
           "share/bash-completion/completions/replsim",
           "share/zsh/vendor-completions/_replsim",
           "share/fish/vendor_completions.d/replsim.fish",
           "share/man/man1/replsim.1",
       }) {
    EXPECT_TRUE(fs::exists(Installed(path))) << path;
  }
}

TEST_F(InstallTest, RunsByPathByLinkAndFromPath) {
  const fs::path link = folder_ / "linked";
  fs::create_symlink(Installed("bin/replsim"), link);
  ExpectRuns(link.string(), "--runtime virtual");
  ExpectRuns(Installed("bin/replsim").string(), "--runtime virtual");
  ExpectRuns("replsim", "--set duration=2s");  // live: it must find the node programs
}

}  // namespace
}  // namespace replsim
