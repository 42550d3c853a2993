// The packages that ./dev package makes, unpacked into an empty folder: their replsim runs from
// there in both runtimes, and the .deb names the libraries that it needs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "tests/live/command.h"

namespace replsim {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class PackageTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* tool : {"dpkg-shlibdeps", "file"}) {
      if (RunCommand(std::string("command -v ") + tool).exit != 0) {
        GTEST_SKIP() << tool << " is not installed; ./dev package installs it";
      }
    }
    fs::create_directories(folder_);
    const CommandResult packed = RunCommand(
        "cpack --config " REPLSIM_BUILD "/CPackConfig.cmake -B " + (folder_ / "package").string());
    ASSERT_EQ(packed.exit, 0) << packed.output;
    fs::create_directory(folder_ / "root");
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Package(const std::string& ending) const {
    for (const auto& entry : fs::directory_iterator(folder_ / "package")) {
      if (entry.path().string().ends_with(ending)) return entry.path().string();
    }
    ADD_FAILURE() << "no " << ending;
    return "";
  }

  // `prefix` is where bin/ and share/ lie.
  void ExpectRunsFrom(const fs::path& prefix) const {
    const fs::path scenario = prefix / "share/replsim/scenarios/quickstart.yaml";
    for (const char* runtime : {"virtual", "live"}) {
      const CommandResult run =
          RunCommand("cd " + folder_.string() + " && " + (prefix / "bin/replsim").string() +
                     " run --quiet " + scenario.string() + " --runtime " + runtime);
      EXPECT_EQ(run.exit, 0) << runtime << ": " << run.output;
      EXPECT_THAT(run.output, HasSubstr("report runs/quickstart/"));
    }
  }

  const fs::path folder_ =
      fs::path(testing::TempDir()) / ("replsim-package-" + std::to_string(getpid()));
};

TEST_F(PackageTest, TheDebRunsInBothRuntimes) {
  const std::string deb = Package(".deb");
  const std::string root = (folder_ / "root").string();
  ASSERT_EQ(RunCommand("dpkg-deb --extract " + deb + " " + root).exit, 0);
  EXPECT_TRUE(fs::exists(root + "/usr/share/zsh/vendor-completions/_replsim"));
  ExpectRunsFrom(root + "/usr");
}

TEST_F(PackageTest, TheDebDependsOnTheLibrariesOfTheProgram) {
  const std::string depends = RunCommand("dpkg-deb --field " + Package(".deb") + " Depends").output;
  for (const char* library : {"libc6", "libgrpc++1", "libprotobuf", "liburing2", "libyaml-cpp",
                              "libcpp-httplib", "libabsl"}) {
    EXPECT_THAT(depends, HasSubstr(library));
  }
}

TEST_F(PackageTest, TheTarballRunsInBothRuntimes) {
  const std::string root = (folder_ / "root").string();
  ASSERT_EQ(RunCommand("tar -xzf " + Package(".tar.gz") + " --strip-components=1 -C " + root).exit,
            0);
  ExpectRunsFrom(root);
}

}  // namespace
}  // namespace replsim
