#include "simulator/scenario/units.h"

#include <gtest/gtest.h>

namespace replsim::units_test {
namespace {

int64_t Ns(const char* text) {
  const auto duration = ParseDuration(text);
  EXPECT_TRUE(duration.ok()) << text << ": " << duration.status();
  return duration.ok() ? duration->ns() : -1;
}

std::string WhyNoDuration(const char* text) {
  return std::string(ParseDuration(text).status().message());
}

TEST(Units, DurationsAreExact) {
  EXPECT_EQ(Ns("20ms"), 20'000'000);
  EXPECT_EQ(Ns("1.5s"), 1'500'000'000);
  EXPECT_EQ(Ns("200us"), 200'000);
  EXPECT_EQ(Ns("0s"), 0);
  EXPECT_EQ(Ns("2m"), 120'000'000'000);
  EXPECT_EQ(Ns("0.000000001s"), 1);
  EXPECT_EQ(Ns("0.1s"), 100'000'000);
}

TEST(Units, ADurationWithoutUnitIsToldToHaveOne) {
  EXPECT_EQ(WhyNoDuration("20"),
            "'20' has no unit; expected a duration such as 20ms, 1.5s, 200us or 0s");
  EXPECT_NE(WhyNoDuration("0"), "");
}

TEST(Units, WhatIsNoDurationIsRefused) {
  for (const char* text : {"", "ms", "-1s", "1 second", "1.s", ".5s", "1.2.3s", "1e3ms", "0.5ns",
                           "1s2", "999999999999s", "0x10ms", "1,5s"}) {
    EXPECT_FALSE(ParseDuration(text).ok()) << text;
  }
}

TEST(Units, ADurationHasAnUpperBoundAndSaysIt) {
  EXPECT_EQ(Ns("8h"), 28'800'000'000'000);
  EXPECT_TRUE(ParseDuration("8760h").ok());
  EXPECT_NE(WhyNoDuration("8761h").find("too large, more than 8760h"), std::string::npos);
  EXPECT_NE(WhyNoDuration("-5s").find("is negative"), std::string::npos);
}

TEST(Units, AClockMayBeBehind) {
  EXPECT_EQ(ParseOffset("-5s")->ns(), -5'000'000'000);
  EXPECT_EQ(ParseOffset("8h")->ns(), 28'800'000'000'000);
  EXPECT_FALSE(ParseOffset("--5s").ok());
  EXPECT_EQ(ToText(*ParseOffset("-1500ms")), "-1500ms");
}

TEST(Units, SizesKnowBinaryAndDecimalUnits) {
  EXPECT_EQ(ParseSize("100")->bytes(), 100u);
  EXPECT_EQ(ParseSize("64KiB")->bytes(), 65536u);
  EXPECT_EQ(ParseSize("1MB")->bytes(), 1000000u);
  EXPECT_EQ(ParseSize("1.5KiB")->bytes(), 1536u);
  for (const char* text : {"", "-1", "1.5", "0.3B", "1TB", "99999999999999999999"}) {
    EXPECT_FALSE(ParseSize(text).ok()) << text;
  }
}

TEST(Units, RatesArePerSecond) {
  EXPECT_EQ(ParseRate("2000/s")->per_second(), 2000);
  EXPECT_EQ(ParseRate("0.5/s")->per_second(), 0.5);
  for (const char* text : {"2000", "/s", "2000/m", "-1/s", "nan/s", "inf/s"}) {
    EXPECT_FALSE(ParseRate(text).ok()) << text;
  }
}

TEST(Units, BandwidthsCountBitsOrBytes) {
  const auto bits = [](const char* text) { return ParseBandwidth(text)->bits_per_second(); };
  EXPECT_EQ(bits("100Mbit/s"), 100'000'000u);
  EXPECT_EQ(bits("1.5Gbit/s"), 1'500'000'000u);
  EXPECT_EQ(bits("64kbit/s"), 64'000u);
  EXPECT_EQ(bits("3bit/s"), 3u);
  EXPECT_EQ(bits("12.5MB/s"), 100'000'000u);
  EXPECT_EQ(bits("1kB/s"), 8'000u);
  EXPECT_EQ(bits("1KiB/s"), 8'192u);
  EXPECT_EQ(bits("1MiB/s"), 8u << 20);
  for (const char* text :
       {"", "100", "Mbit/s", "-1Mbit/s", "1Mbit", "1Mb/s", "0.0001kbit/s", "99999999999Gbit/s"}) {
    EXPECT_FALSE(ParseBandwidth(text).ok()) << text;
  }
}

TEST(Units, SyncSetsReadBackAsTheyAreWritten) {
  for (const char* text : {"any 1", "first 2", "first 2 [r1, r2]", "majority", "all"}) {
    const auto set = ParseSyncSet(text);
    ASSERT_TRUE(set.ok()) << set.status();
    EXPECT_EQ(ToText(*set), text);
  }
}

TEST(Units, WhatIsNoSyncSetIsRefused) {
  for (const char* text : {"", "any", "any 0", "any -1", "any one", "first 1 [", "first 1 [r1,]",
                           "any 1 [r1]", "most"}) {
    EXPECT_FALSE(ParseSyncSet(text).ok()) << text;
  }
}

TEST(Units, TextReadsBackAsTheSameValue) {
  for (const int64_t ns : {0L, 1L, 999L, 1000L, 1500000L, 60000000000L, 123456789L}) {
    proto::Duration duration;
    duration.set_ns(ns);
    EXPECT_EQ(Ns(ToText(duration).c_str()), ns);
  }
  for (const uint64_t bytes : {0ul, 1ul, 1000ul, 1024ul, 65536ul, 1048577ul}) {
    proto::Size size;
    size.set_bytes(bytes);
    EXPECT_EQ(ParseSize(ToText(size))->bytes(), bytes);
  }
  for (const uint64_t bits : {0ul, 1ul, 1000ul, 8000ul, 8192ul, 100000000ul, 8ul << 20}) {
    proto::Bandwidth bandwidth;
    bandwidth.set_bits_per_second(bits);
    EXPECT_EQ(ParseBandwidth(ToText(bandwidth))->bits_per_second(), bits);
  }
  for (const double per_second : {2000.0, 0.1, 1e9, 1.0 / 3}) {
    proto::Rate rate;
    rate.set_per_second(per_second);
    EXPECT_EQ(ParseRate(ToText(rate))->per_second(), per_second);
  }
}

}  // namespace
}  // namespace replsim::units_test
