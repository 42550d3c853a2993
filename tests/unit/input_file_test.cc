#include "common/file/input_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace replsim::input_file_test {
namespace {

using ::testing::HasSubstr;

constexpr uint64_t kLimit = 100'000;

class InputFileTest : public ::testing::Test {
 protected:
  InputFileTest() { folder_ = ::mkdtemp(folder_.data()); }
  ~InputFileTest() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  std::string Write(const std::string& name, const std::string& bytes) const {
    std::ofstream(Path(name), std::ios::binary) << bytes;
    return Path(name);
  }
  static std::string Refusal(const std::string& path) {
    const absl::StatusOr<std::string> read = ReadInputFile(path, kLimit);
    return read.ok() ? "read" : std::string(read.status().message());
  }

  std::string folder_ = ::testing::TempDir() + "/replsim-input-XXXXXX";
};

TEST_F(InputFileTest, AFileIsReadWhole) {
  for (const size_t size : {0, 1, 65'536, 99'999, 100'000}) {
    const std::string bytes(size, 'x');
    const absl::StatusOr<std::string> read = ReadInputFile(Write("f", bytes), kLimit);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(*read, bytes);
  }
}

TEST_F(InputFileTest, AFileAboveTheLimitIsRefused) {
  EXPECT_EQ(Refusal(Write("f", std::string(kLimit + 1, 'x'))),
            Path("f") + ": is larger than 100000 bytes, the limit for such a file");
}

TEST_F(InputFileTest, AMissingFileIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(ReadInputFile(Path("none"), kLimit).status()));
  EXPECT_THAT(Refusal(Path("none")), HasSubstr(Path("none") + ": cannot open"));
}

TEST_F(InputFileTest, AFolderAndADeviceAreRefused) {
  EXPECT_EQ(Refusal(folder_), folder_ + ": is a folder, not a file");
  EXPECT_EQ(Refusal("/dev/zero"), "/dev/zero: is a device or a socket, not a file");
}

TEST_F(InputFileTest, APipeIsReadToItsEndOrTheLimit) {
  ASSERT_EQ(::mkfifo(Path("pipe").c_str(), 0600), 0);
  {
    std::thread writer([this] { Write("pipe", std::string(kLimit, 'x')); });
    const absl::StatusOr<std::string> read = ReadInputFile(Path("pipe"), kLimit);
    writer.join();
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->size(), kLimit);
  }
  std::thread writer([this] { Write("pipe", std::string(kLimit + 1, 'x')); });
  const std::string refusal = Refusal(Path("pipe"));
  writer.join();
  EXPECT_THAT(refusal, HasSubstr("is larger than 100000 bytes"));
}

}  // namespace
}  // namespace replsim::input_file_test
