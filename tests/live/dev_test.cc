// ./dev in a tree without write permission reports the problem and the remedy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "tests/live/command.h"

namespace replsim {
namespace {

namespace fs = std::filesystem;

TEST(Dev, ATreeOfAnotherUserIsAnErrorWithAdvice) {
  const fs::path tree = fs::temp_directory_path() / ("replsim-dev-" + std::to_string(getpid()));
  fs::create_directory(tree);
  fs::copy_file(REPLSIM_SOURCE "/dev", tree / "dev");
  fs::permissions(tree, fs::perms::owner_read | fs::perms::owner_exec | fs::perms::group_read |
                            fs::perms::group_exec | fs::perms::others_read |
                            fs::perms::others_exec);
  // Root may write everywhere, so it runs ./dev as another user.
  const std::string as = geteuid() == 0 ? "setpriv --reuid=65534 --clear-groups " : "";
  const CommandResult result = RunCommand(as + (tree / "dev").string() + " run x.yaml");
  EXPECT_EQ(result.exit, 69);
  EXPECT_THAT(result.output, testing::HasSubstr("cannot write " + tree.string() + " (owner: "));
  EXPECT_THAT(result.output, testing::HasSubstr("Clone the repository into a folder of your own"));
  fs::permissions(tree, fs::perms::owner_all);
  fs::remove_all(tree);
}

}  // namespace
}  // namespace replsim
