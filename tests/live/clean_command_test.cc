// `replsim clean` removes old runs and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/live/live_fixture.h"

namespace replsim::clean_command_test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class CleanTest : public LiveTest {
 protected:
  // Runs in virtual time; the folder of the run gets the name `time`.
  void MakeRun(const std::string& time) const {
    ASSERT_EQ(RunScenarioText(SmallScenario(""), "--runtime virtual --set duration=50ms").exit, 0);
    const fs::path made = fs::canonical(runs() + "/small/latest");
    fs::rename(made, Run(time));
    fs::remove(runs() + "/small/latest");
    fs::create_directory_symlink(time, runs() + "/small/latest");
  }
  std::string Run(const std::string& time) const { return runs() + "/small/" + time; }
  CommandResult Clean(const std::string& options) const {
    return Replsim("clean --out " + runs() + " " + options);
  }
};

TEST_F(CleanTest, KeepsTheNewestRunsOfEachScenario) {
  MakeRun("2026-01-02_03-04-05");
  MakeRun("2026-01-02_03-04-05-2");
  MakeRun("2026-01-02_03-04-05-10");
  fs::copy(runs() + "/small", runs() + "/other",
           fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  const CommandResult dry = Clean("--keep 2 --dry-run");
  EXPECT_EQ(dry.exit, 0);
  EXPECT_THAT(dry.output, HasSubstr("would remove 2 runs ("));
  EXPECT_TRUE(fs::exists(Run("2026-01-02_03-04-05")));

  const CommandResult clean = Clean("--keep 2");
  EXPECT_EQ(clean.exit, 0);
  EXPECT_THAT(clean.output, HasSubstr(Run("2026-01-02_03-04-05") + "  "));
  EXPECT_THAT(clean.output, HasSubstr("removed 2 runs ("));
  EXPECT_THAT(clean.output, HasSubstr("kept 4 runs\n"));
  for (const std::string scenario : {"/small", "/other"}) {
    EXPECT_FALSE(fs::exists(runs() + scenario + "/2026-01-02_03-04-05"));
    EXPECT_TRUE(fs::exists(runs() + scenario + "/2026-01-02_03-04-05-2"));
    EXPECT_TRUE(fs::exists(runs() + scenario + "/latest/manifest.json"));
  }
}

TEST_F(CleanTest, LeavesAloneWhatIsNoRun) {
  MakeRun("baseline");  // renamed by a user who wants to keep it
  MakeRun("2026-01-02_03-04-05");
  fs::create_directories(Run("2020-01-01_00-00-00"));  // no manifest
  fs::create_directories(Run("explore"));
  fs::create_directories(folder() + "/elsewhere/2020-01-01_00-00-00");
  fs::copy(Run("baseline"), folder() + "/elsewhere/2020-01-01_00-00-00",
           fs::copy_options::recursive);
  fs::create_directory_symlink(folder() + "/elsewhere", runs() + "/elsewhere");
  fs::create_directory_symlink(Run("baseline"), Run("2019-01-01_00-00-00"));
  const CommandResult clean = Clean("--keep 1");
  EXPECT_EQ(clean.exit, 0);
  EXPECT_THAT(clean.output, HasSubstr("removed 0 runs (0 B), kept 1 run\n"));
  for (const char* name :
       {"baseline", "2026-01-02_03-04-05", "2020-01-01_00-00-00", "2019-01-01_00-00-00"}) {
    EXPECT_TRUE(fs::exists(Run(name))) << name;
  }
  EXPECT_TRUE(fs::exists(folder() + "/elsewhere/2020-01-01_00-00-00/manifest.json"));
}

TEST_F(CleanTest, ALinkInsideARunIsRemovedNotFollowed) {
  MakeRun("2026-01-02_03-04-05");
  MakeRun("2026-01-02_03-04-06");
  fs::create_directories(folder() + "/precious");
  WriteFile("precious/file", "kept");
  fs::create_directory_symlink(folder() + "/precious", Run("2026-01-02_03-04-05") + "/link");
  EXPECT_EQ(Clean("--keep 1").exit, 0);
  EXPECT_FALSE(fs::exists(Run("2026-01-02_03-04-05")));
  EXPECT_EQ(ReadFile(folder() + "/precious/file"), "kept");
}

TEST_F(CleanTest, NonsenseIsRefused) {
  for (const char* options : {"", "--keep 0", "--keep -1", "--keep few"}) {
    EXPECT_EQ(Clean(options).exit, 64) << options;
  }
  const CommandResult clean = Replsim("clean --keep 1 --out " + folder() + "/nowhere");
  EXPECT_EQ(clean.exit, 64);
  EXPECT_THAT(clean.output, HasSubstr("/nowhere is not a folder"));
}

TEST_F(CleanTest, RunSaysWhenTheRecordingsTakeMuchRoom) {
  const std::string run = "run " + WriteFile("small.yaml", SmallScenario("")) +
                          " --runtime virtual --set duration=50ms --out " + runs();
  EXPECT_THAT(Replsim(run).output, testing::Not(HasSubstr("replsim clean")));
  WriteFile("runs/large", "");
  fs::resize_file(runs() + "/large", 1'100'000'000);  // sparse
  EXPECT_THAT(Replsim(run).output,
              HasSubstr(runs() + " holds 1.1 GB of recordings; replsim clean --keep 5"));
}

}  // namespace
}  // namespace replsim::clean_command_test
