#include "simulator/workload/key_chooser.h"

#include <cmath>
#include <vector>

#include "gtest/gtest.h"

namespace replsim::key_chooser_test {
namespace {

proto::Keys MakeKeys(proto::Distribution distribution, uint64_t count) {
  proto::Keys keys;
  keys.set_count(count);
  keys.set_distribution(distribution);
  keys.set_exponent(0.99);
  keys.set_hot_operations(0.9);
  keys.set_hot_keys(0.1);
  return keys;
}

std::vector<double> Shares(const proto::Keys& keys, int draws) {
  const KeyChooser chooser(keys);
  Rng rng(7);
  std::vector<double> share(keys.count());
  for (int i = 0; i < draws; ++i) share[chooser.Choose(rng)] += 1.0 / draws;
  return share;
}

TEST(KeyChooser, UniformGivesEveryKeyTheSameShare) {
  for (const double share : Shares(MakeKeys(proto::UNIFORM, 10), 200'000)) {
    EXPECT_NEAR(share, 0.1, 0.005);
  }
}

class ZipfShares : public testing::TestWithParam<double> {};

TEST_P(ZipfShares, FollowTheExponentExactly) {
  proto::Keys keys = MakeKeys(proto::ZIPF, 100);
  keys.set_exponent(GetParam());
  const std::vector<double> share = Shares(keys, 400'000);
  double total = 0;
  for (int rank = 1; rank <= 100; ++rank) total += std::pow(rank, -GetParam());
  for (int rank = 1; rank <= 100; ++rank) {
    EXPECT_NEAR(share[static_cast<size_t>(rank - 1)], std::pow(rank, -GetParam()) / total, 0.004)
        << "rank " << rank;
  }
}
INSTANTIATE_TEST_SUITE_P(Exponents, ZipfShares, testing::Values(0.5, 0.99, 1.0, 1.5, 3.0));

TEST(KeyChooser, ZipfNeedsNoTableForManyKeys) {
  const KeyChooser chooser(MakeKeys(proto::ZIPF, 4'000'000'000));
  Rng rng(1);
  uint64_t highest = 0;
  for (int i = 0; i < 10'000; ++i) highest = std::max(highest, chooser.Choose(rng));
  EXPECT_LT(highest, 4'000'000'000u);
  EXPECT_GT(highest, 1'000'000'000u);
}

TEST(KeyChooser, HotSpotSendsItsShareToTheLowestKeys) {
  const std::vector<double> share = Shares(MakeKeys(proto::HOT_SPOT, 100), 200'000);
  double hot = 0;
  for (size_t key = 0; key < 10; ++key) hot += share[key];
  EXPECT_NEAR(hot, 0.9, 0.005);
  EXPECT_NEAR(share[0], 0.09, 0.005);
  EXPECT_NEAR(share[99], 0.1 / 90, 0.001);
}

TEST(KeyChooser, AHotSpotOfEveryKeyIsUniform) {
  proto::Keys keys = MakeKeys(proto::HOT_SPOT, 4);
  keys.set_hot_keys(1);
  for (const double share : Shares(keys, 100'000)) EXPECT_NEAR(share, 0.25, 0.01);
}

TEST(KeyChooser, OneKeyIsAlwaysThatKey) {
  for (const auto distribution : {proto::UNIFORM, proto::ZIPF, proto::HOT_SPOT}) {
    Rng rng(3);
    EXPECT_EQ(KeyChooser(MakeKeys(distribution, 1)).Choose(rng), 0u);
  }
}

TEST(KeyChooser, TheSameSeedAsksForTheSameKeys) {
  const KeyChooser chooser(MakeKeys(proto::ZIPF, 1000));
  Rng one(42);
  Rng other(42);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(chooser.Choose(one), chooser.Choose(other));
}

}  // namespace
}  // namespace replsim::key_chooser_test
