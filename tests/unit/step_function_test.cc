#include "common/stats/step_function.h"

#include <gtest/gtest.h>

namespace replsim::step_function_test {
namespace {

StepFunction<int> Sample() {
  StepFunction<int> f;
  f.Add(10, 1);
  f.Add(20, 2);
  f.Add(20, 3);
  f.Add(40, 7);
  return f;
}

TEST(StepFunction, HasNoValueBeforeItsFirstPoint) {
  EXPECT_EQ(Sample().At(9), nullptr);
  EXPECT_EQ(StepFunction<int>().At(9), nullptr);
}

TEST(StepFunction, HoldsEachValueUntilTheNextPoint) {
  const StepFunction<int> f = Sample();
  EXPECT_EQ(*f.At(10), 1);
  EXPECT_EQ(*f.At(19), 1);
  EXPECT_EQ(*f.At(39), 3);
  EXPECT_EQ(*f.At(1000), 7);
}

TEST(StepFunction, TheLaterOfTwoPointsAtOneInstantCounts) {
  EXPECT_EQ(*Sample().At(20), 3);
  EXPECT_EQ(Sample().points().size(), 3u);
}

TEST(StepFunctionDeathTest, TimeNeverGoesBack) {
  StepFunction<int> f;
  f.Add(10, 1);
  EXPECT_DEATH(f.Add(9, 1), "time goes back");
}

TEST(StepCursor, WalksForward) {
  const StepFunction<int> f = Sample();
  StepCursor<int> cursor(f);
  EXPECT_EQ(cursor.NextChange(), 10);
  EXPECT_EQ(cursor.Seek(5), nullptr);
  EXPECT_EQ(*cursor.Seek(25), 3);
  EXPECT_EQ(cursor.NextChange(), 40);
  EXPECT_EQ(*cursor.Seek(40), 7);
  EXPECT_FALSE(cursor.NextChange().has_value());
}

}  // namespace
}  // namespace replsim::step_function_test
