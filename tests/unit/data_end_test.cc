#include "common/storage/disk/data_end.h"

#include <gtest/gtest.h>

#include <string>

namespace replsim::data_end_test {
namespace {

// Sizes at both sides of a block of zeros that is skipped at once, and data at any place in it.
TEST(DataEnd, IsBehindTheLastByteThatIsNotZero) {
  for (const size_t size : {0, 1, 511, 512, 513, 1024, 1500}) {
    std::string data(size, '\0');
    EXPECT_EQ(DataEnd(7, data), 7) << size << " zeros";
    for (size_t last = 0; last < size; ++last) {
      data[last] = '\xff';
      ASSERT_EQ(DataEnd(7, data), 7 + last + 1) << "byte " << last << " of " << size;
      data[last] = '\0';
    }
  }
}

}  // namespace
}  // namespace replsim::data_end_test
