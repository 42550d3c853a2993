#include "common/base/json.h"

#include <cmath>
#include <limits>

#include "gtest/gtest.h"

namespace replsim {
namespace {

std::string Text(Json json) { return json.ToText(); }

TEST(Json, WritesNumbersWithAllTheirDigits) {
  EXPECT_EQ(Text(std::numeric_limits<uint64_t>::max()), "18446744073709551615\n");
  EXPECT_EQ(Text(std::numeric_limits<int64_t>::min()), "-9223372036854775808\n");
  EXPECT_EQ(Text(0.1), "0.1\n");
  EXPECT_EQ(Text(std::nan("")), "null\n");
  EXPECT_EQ(Text(true), "true\n");
}

TEST(Json, EscapesWhatATextMustNotHold) {
  EXPECT_EQ(Text("a \"b\" \\ \n \x01"), "\"a \\\"b\\\" \\\\ \\n \\u0001\"\n");
  EXPECT_EQ(Text("</script>\xe2\x80\xa8"), "\"\\u003c/script\\u003e\\u2028\"\n");
  EXPECT_EQ(Text("1 \xc2\xb5s"), "\"1 \xc2\xb5s\"\n");
  EXPECT_EQ(Text("\xc2"), "\"\xef\xbf\xbd\"\n");
}

TEST(Json, KeepsTheOrderOfItsMembers) {
  Json json = Json::Object();
  json.Set("z", 1).Set("a", Json::Array().Add("x").Add(Json::Object()).Add(Json::Array()));
  EXPECT_EQ(json.ToText(), "{\n \"z\": 1,\n \"a\": [\n  \"x\",\n  {},\n  []\n ]\n}\n");
}

}  // namespace
}  // namespace replsim
