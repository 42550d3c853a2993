// Every kind of fault has a row, and its row agrees with the messages that it names.
#include "simulator/fault_kinds/fault_kind.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/str_split.h"

namespace replsim::fault_kind_test {
namespace {

TEST(FaultKinds, EveryActionHasOneRow) {
  std::multiset<int> actions;
  for (const FaultKind& kind : AllFaultKinds()) actions.insert(kind.action);
  for (int action = proto::Action_MIN + 1; action <= proto::Action_MAX; ++action) {
    EXPECT_EQ(actions.count(action), 1u) << proto::Action_Name(action);
  }
  EXPECT_EQ(FindFaultKind(proto::ACTION_UNSPECIFIED), nullptr);
}

TEST(FaultKinds, EveryKeyIsOneOfAFaultAndEveryKeyIsUsed) {
  std::set<std::string> used = {"when", "do", "node", "from", "to", "every", "times", "for"};
  const auto* const fault = proto::Fault::descriptor();
  for (const FaultKind& kind : AllFaultKinds()) {
    for (const std::string& key :
         std::vector<std::string>(absl::StrSplit(kind.uses, ' ', absl::SkipEmpty()))) {
      EXPECT_NE(fault->FindFieldByName(key), nullptr) << key;
      EXPECT_TRUE(Uses(kind, key.c_str()));
      used.insert(key);
    }
    EXPECT_FALSE(Uses(kind, "when"));
  }
  for (int i = 0; i < fault->field_count(); ++i) {
    EXPECT_EQ(used.count(fault->field(i)->name()), 1u) << fault->field(i)->name();
  }
}

// A condition in force is ended by the fault that undoes it.
TEST(FaultKinds, WhatLastsCanBeUndoneAndWhatIsUndoneLasts) {
  for (const FaultKind& kind : AllFaultKinds()) {
    const std::string name = proto::Action_Name(kind.action);
    EXPECT_EQ(kind.leaves != Condition::kNone, kind.undone_by != proto::ACTION_UNSPECIFIED) << name;
    EXPECT_FALSE(kind.leaves != Condition::kNone && std::string(kind.word).empty()) << name;
  }
}

TEST(FaultKinds, TheEndOfAFaultIsDoneToTheSameNodeOrLinks) {
  proto::Fault slow;
  slow.set_do_(proto::SLOW_NODE);
  slow.set_node("r1");
  slow.set_share(0.2);
  EXPECT_EQ(EndOf(slow)->do_(), proto::SLOW_NODE);
  EXPECT_EQ(EndOf(slow)->node(), "r1");
  EXPECT_EQ(EndOf(slow)->share(), 1);
  proto::Fault cut;
  cut.set_do_(proto::PARTITION);
  cut.add_from("p");
  cut.add_to("r1");
  cut.set_one_way(true);
  EXPECT_EQ(EndOf(cut)->do_(), proto::HEAL);
  EXPECT_THAT(EndOf(cut)->to(), testing::ElementsAre("r1"));
  EXPECT_TRUE(EndOf(cut)->one_way());
  proto::Fault promotion;
  promotion.set_do_(proto::PROMOTE);
  EXPECT_FALSE(EndOf(promotion).has_value());
}

TEST(FaultKinds, ADiskIsHealedByItsNodeAndALinkByItsEnds) {
  proto::Fault heal;
  heal.set_do_(proto::HEAL);
  EXPECT_TRUE(IsOfLinks(heal));
  heal.set_node("p");
  EXPECT_FALSE(IsOfLinks(heal));
}

}  // namespace
}  // namespace replsim::fault_kind_test
