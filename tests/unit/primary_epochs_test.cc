#include "simulator/cluster/managed/primary_epochs.h"

#include <gtest/gtest.h>

namespace replsim::primary_epochs_test {
namespace {

const NodeId kP("p");
const NodeId kR1("r1");
const NodeId kR2("r2");

// A cluster that has started: p leads epoch 1.
PrimaryEpochs Started() {
  PrimaryEpochs epochs(kP, /*elects=*/false);
  EXPECT_TRUE(epochs.Starts(kP));
  EXPECT_FALSE(epochs.Starts(kR1));
  EXPECT_FALSE(epochs.Starts(kR2));
  return epochs;
}

TEST(PrimaryEpochs, TheFirstPrimaryLeadsTheFirstEpochWhenItStarts) {
  const PrimaryEpochs epochs = Started();
  EXPECT_EQ(epochs.primary(), kP);
  EXPECT_EQ(epochs.highest(), Epoch(1));
}

TEST(PrimaryEpochs, APrimaryThatRestartsLeadsANewEpoch) {
  PrimaryEpochs epochs = Started();
  epochs.Died(kP);
  EXPECT_TRUE(epochs.Starts(kP));
  EXPECT_EQ(epochs.highest(), Epoch(2));
}

TEST(PrimaryEpochs, APromotedNodeLeadsOnlyWhenItsPromotionHasSucceeded) {
  PrimaryEpochs epochs = Started();
  const Epoch epoch = epochs.BeginPromotion(kR1);
  EXPECT_EQ(epoch, Epoch(2));
  EXPECT_EQ(epochs.primary(), kP);
  EXPECT_TRUE(epochs.EndPromotion(kR1, epoch, /*succeeded=*/true));
  EXPECT_EQ(epochs.primary(), kR1);
}

TEST(PrimaryEpochs, ANodeThatStartsDuringAPromotionFollowsThePromotedNode) {
  PrimaryEpochs epochs = Started();
  epochs.Died(kP);
  epochs.BeginPromotion(kR1);
  EXPECT_EQ(epochs.NextPrimary(), kR1);
  EXPECT_FALSE(epochs.Starts(kP)) << "it would lead epoch 3 and fence r1";
  EXPECT_EQ(epochs.highest(), Epoch(2));
}

TEST(PrimaryEpochs, APromotionThatHasFailedLeavesThePrimaryAsItWas) {
  PrimaryEpochs epochs = Started();
  const Epoch epoch = epochs.BeginPromotion(kR1);
  EXPECT_FALSE(epochs.EndPromotion(kR1, epoch, /*succeeded=*/false));
  EXPECT_EQ(epochs.primary(), kP);
  EXPECT_EQ(epochs.NextPrimary(), kP);
  EXPECT_EQ(epochs.BeginPromotion(kR1), Epoch(3)) << "epoch 2 is not handed out again";
}

TEST(PrimaryEpochs, APromotionOfANodeThatHasDiedIsNotUnderWay) {
  PrimaryEpochs epochs = Started();
  epochs.BeginPromotion(kR1);
  epochs.Died(kR2);
  EXPECT_EQ(epochs.NextPrimary(), kR1);
  epochs.Died(kR1);
  EXPECT_EQ(epochs.NextPrimary(), kP);
  EXPECT_FALSE(epochs.Starts(kR1)) << "it comes back as a replica";
}

TEST(PrimaryEpochs, OfTwoPromotionsTheHigherEpochLeadsWhicheverIsReadyFirst) {
  PrimaryEpochs epochs = Started();
  const Epoch first = epochs.BeginPromotion(kR1);
  const Epoch second = epochs.BeginPromotion(kR2);
  EXPECT_EQ(epochs.NextPrimary(), kR2);
  EXPECT_TRUE(epochs.EndPromotion(kR2, second, true));
  EXPECT_FALSE(epochs.EndPromotion(kR1, first, true));
  EXPECT_EQ(epochs.primary(), kR2);

  const Epoch third = epochs.BeginPromotion(kP);
  const Epoch fourth = epochs.BeginPromotion(kR1);
  EXPECT_TRUE(epochs.EndPromotion(kP, third, true));
  EXPECT_EQ(epochs.NextPrimary(), kR1) << "the second one is still under way";
  EXPECT_TRUE(epochs.EndPromotion(kR1, fourth, true));
  EXPECT_EQ(epochs.primary(), kR1);
}

TEST(PrimaryEpochs, WithElectionsOnlyTheFirstStartOfTheFirstPrimaryLeads) {
  PrimaryEpochs epochs(kP, /*elects=*/true);
  EXPECT_TRUE(epochs.Starts(kP));
  epochs.Died(kP);
  EXPECT_FALSE(epochs.Starts(kP));
  EXPECT_TRUE(epochs.Elected(kR1, Epoch(4)));
  EXPECT_EQ(epochs.primary(), kR1);
  EXPECT_FALSE(epochs.Elected(kR2, Epoch(3)));  // heard of late
  EXPECT_EQ(epochs.primary(), kR1);
  EXPECT_FALSE(epochs.Starts(kR1));
}

}  // namespace
}  // namespace replsim::primary_epochs_test
