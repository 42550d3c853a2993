// The part of a violation that is drawn (witness_picture.h).
#include "simulator/analysis/reads/witness_picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "simulator/history/read_history.h"
#include "simulator/judge/judge.h"

namespace replsim::witness_picture_test {
namespace {

using history::History;
using history::Kind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int64_t kMilli = 1'000'000;
constexpr size_t kLetters = 3;

// Client 0 writes v1 and then v2; client 1 reads v1 after that.
class LateRead {
 public:
  LateRead() {
    history_.has_times = true;
    history_.keys = {"x", "y"};
    history_.values = {"nil", "v1", "v2", "v3"};
    history_.processes = {"client 0", "client 1", "client 2"};
    Add(0, Kind::kWrite, 1, 10, 12);
    Add(0, Kind::kWrite, 2, 20, 22);
    Add(1, Kind::kRead, 1, 31, 33);
  }
  LateRead& Add(uint32_t process, Kind kind, history::Value value, int64_t begin, int64_t end,
                uint32_t key = 0) {
    history::Operation operation;
    operation.begin = begin * kMilli;
    operation.end = end < 0 ? history::kNever : end * kMilli;
    operation.process = process;
    operation.kind = kind;
    operation.value = value;
    operation.key = key;
    history_.operations.push_back(operation);
    return *this;
  }
  History& history() { return history_; }
  WitnessPicture Picture() {
    std::stable_sort(history_.operations.begin(), history_.operations.end(),
                     [](const auto& a, const auto& b) { return a.begin < b.begin; });
    const std::vector<judge::Verdict> verdicts = judge::Judge(history_, {}, {});
    EXPECT_EQ(verdicts[0].holds, judge::Holds::kNo);
    return PictureOf(history_, verdicts[0]);
  }

 private:
  History history_;
};

TEST(WitnessPicture, HasTheWitnessAndWhatContradictsWhat) {
  const WitnessPicture picture = LateRead().Picture();
  ASSERT_THAT(picture.bars, SizeIs(kLetters));
  EXPECT_EQ(picture.bars[0].letter, "A");
  EXPECT_EQ(picture.bars[2].letter, "C");
  EXPECT_EQ(picture.bars[2].label, "read v1");
  EXPECT_EQ(picture.bars[0].value, picture.bars[2].value) << "of the same value";
  EXPECT_NE(picture.bars[0].value, picture.bars[1].value);
  EXPECT_DOUBLE_EQ(picture.bars[2].begin, 31);
  ASSERT_THAT(picture.arrows, SizeIs(2));
  EXPECT_EQ(picture.arrows[0].from, 0u);
  EXPECT_EQ(picture.arrows[0].to, 1u);
  EXPECT_DOUBLE_EQ(picture.arrows[0].gap, 8);
  EXPECT_EQ(picture.arrows[1].from, 1u);
  EXPECT_EQ(picture.arrows[1].to, 2u);
  EXPECT_DOUBLE_EQ(picture.arrows[1].gap, 9) << "by so much the read is late";
  EXPECT_THAT(picture.arrows[1].because, HasSubstr("a contradiction"));
  ASSERT_THAT(picture.rows, SizeIs(2));
  EXPECT_EQ(picture.rows[1].name, "client 1");
}

TEST(WitnessPicture, AViolationOfTheInitialValueComesFromTheLeft) {
  LateRead late;
  late.history().operations.clear();
  late.Add(0, Kind::kWrite, 1, 10, 12).Add(1, Kind::kRead, history::kNil, 15, 16);
  const WitnessPicture picture = late.Picture();
  ASSERT_THAT(picture.arrows, SizeIs(2));
  EXPECT_EQ(picture.arrows[0].from, WitnessPicture::kNoBar);
  EXPECT_EQ(picture.arrows[0].to, 0u);
}

TEST(WitnessPicture, OthersAreOfThatKeyAndTime) {
  const WitnessPicture picture = LateRead()
                                     .Add(2, Kind::kRead, 2, 24, 25)     // drawn
                                     .Add(2, Kind::kRead, 0, 26, 27, 1)  // of another key
                                     .Add(2, Kind::kRead, 2, 500, 501)   // long after
                                     .Add(2, Kind::kWrite, 3, 28, -1)    // never answered
                                     .Picture();
  ASSERT_THAT(picture.bars, SizeIs(kLetters + 2));
  EXPECT_EQ(picture.bars[3].letter, "");
  EXPECT_EQ(picture.bars[3].label, "read v2");
  EXPECT_FALSE(picture.bars[4].answered);
  EXPECT_DOUBLE_EQ(picture.bars[4].end, picture.end) << "as far as the picture goes";
  EXPECT_THAT(picture.bars[4].text, HasSubstr("never answered"));
  EXPECT_EQ(picture.rows.back().name, "client 2");
  EXPECT_FALSE(picture.rows.back().witness);
  EXPECT_EQ(picture.left_out, 0u);
}

TEST(WitnessPicture, HasAtMost200OperationsThoseClosestToTheWitness) {
  LateRead late;
  for (int i = 0; i < 300; ++i) {
    late.history().processes.push_back(absl::StrCat("client ", 3 + i));
    late.Add(3 + static_cast<uint32_t>(i), Kind::kRead, 2, i < 150 ? 21 : 26, 27);
  }
  const WitnessPicture picture = late.Picture();
  EXPECT_THAT(picture.bars, SizeIs(WitnessPicture::kMostBars));
  EXPECT_EQ(picture.left_out, 303 - WitnessPicture::kMostBars);
  EXPECT_EQ(std::count_if(picture.bars.begin(), picture.bars.end(),
                          [](const auto& bar) { return bar.begin == 21; }),
            150);
}

TEST(WitnessPicture, FaultsAreBandsWithinItsTime) {
  LateRead late;
  late.history().faults = {{15 * kMilli, 25 * kMilli, "p killed"},
                           {28 * kMilli, history::kNever, "r1 paused"},
                           {400 * kMilli, 500 * kMilli, "after it"}};
  const WitnessPicture picture = late.Picture();
  ASSERT_THAT(picture.faults, SizeIs(2));
  EXPECT_EQ(picture.faults[0].text, "p killed");
  EXPECT_DOUBLE_EQ(picture.faults[1].end, picture.end);
}

TEST(WitnessPicture, AWriteThatBeganLongBeforeDoesNotStretchIt) {
  LateRead late;
  late.history().operations.clear();
  late.Add(0, Kind::kWrite, 1, 10, 12).Add(1, Kind::kRead, 1, 131, 133);
  late.history().processes.push_back("client 3");
  late.Add(2, Kind::kWrite, 2, 1, -1).Add(3, Kind::kRead, 2, 120, 121);
  late.Add(0, Kind::kRead, 1, 110, 111);
  const WitnessPicture picture = late.Picture();
  EXPECT_GT(picture.begin, 1) << "the begin of the write that was never answered";
}

TEST(WitnessPicture, SessionsWithoutTimesAreInOrder) {
  // Session 1 sees 1 and then nothing; session 0 wrote it.
  const auto history = history::ReadHistory("w 1 0\n=====\nr 1 0\n-----\nr 1\n", "f", {});
  ASSERT_TRUE(history.ok()) << history.status();
  const std::vector<judge::Verdict> verdicts = judge::Judge(*history, {}, {});
  ASSERT_EQ(verdicts[0].holds, judge::Holds::kNo) << verdicts[0].reason;
  const WitnessPicture picture = PictureOf(*history, verdicts[0]);
  EXPECT_EQ(picture.axis, WitnessPicture::Axis::kPlaces);
  EXPECT_THAT(picture.bars, SizeIs(verdicts[0].witness.size()));
  EXPECT_THAT(picture.arrows, SizeIs(verdicts[0].because.size()));
}

TEST(WitnessPicture, AnExplanationThatIsOfNoTwoOperationsIsTextAlone) {
  const History history = LateRead().history();
  judge::Verdict verdict;
  verdict.holds = judge::Holds::kNo;
  verdict.witness = {0, 2};
  verdict.because = {"the log says so"};
  const WitnessPicture picture = PictureOf(history, verdict);
  ASSERT_THAT(picture.arrows, SizeIs(1));
  EXPECT_EQ(picture.arrows[0].to, WitnessPicture::kNoBar);
  EXPECT_EQ(picture.arrows[0].because, "the log says so");
}

TEST(WitnessPicture, OfNoViolationThereIsNone) {
  EXPECT_TRUE(PictureOf(History(), judge::Verdict()).empty());
}

}  // namespace
}  // namespace replsim::witness_picture_test
