#include "simulator/explore/judge.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "simulator/analysis/compare/expectations.h"
#include "simulator/analysis/promised.h"
#include "simulator/analysis/reads/guarantee_order.h"
#include "simulator/promise/guarantee_promise.h"
#include "simulator/promise/promise.h"

namespace replsim {
namespace {

Verdict Failure(std::string kind, std::string detail) {
  return {std::move(kind), true, std::move(detail)};
}

// "a/b/core.cc:12: check failed: …" becomes the kind check-core.cc-12.
Verdict JudgeDeath(const std::string& words) {
  const std::vector<std::string> parts = absl::StrSplit(words, absl::MaxSplits(':', 2));
  int line = 0;
  if (parts.size() == 3 && absl::StartsWith(parts[2], " check failed") &&
      absl::SimpleAtoi(parts[1], &line)) {
    const std::string file = parts[0].substr(parts[0].rfind('/') + 1);
    return Failure(absl::StrCat("check-", file, "-", line), words);
  }
  return Failure("died", words);
}

// Builds the kind from the first five words that are neither numbers nor node names, because those
// differ from run to run.
std::string KindOfBreach(const std::string& breach) {
  constexpr size_t kWords = 5;
  std::vector<std::string> words;
  for (const absl::string_view word : absl::StrSplit(breach, ' ')) {
    const bool plain = std::all_of(word.begin(), word.end(), [](char c) {
      return absl::ascii_isalpha(static_cast<unsigned char>(c));
    });
    if (plain && word.size() > 1 && words.size() < kWords) words.emplace_back(word);
  }
  return absl::StrCat("violation-", absl::StrJoin(words, "-"));
}

// These breaches are judged from the log, not from the answers to clients. Broken promises are
// judged by JudgeLosses and JudgeGuarantees.
Verdict JudgeBreaches(const proto::RunReport& report) {
  const proto::RunReport::Writes& writes = report.writes();
  if (writes.rejected_survived() > 0) {
    return Failure("rejected-survived",
                   absl::StrCat(writes.rejected_survived(), " rejected writes survived"));
  }
  if (writes.holes() > 0) {
    return Failure(
        "hole",
        absl::StrCat(writes.holes(), " lost writes precede a surviving write of the same epoch"));
  }
  // A node that did not converge also has other data at the end: both are one failure.
  const bool converged = !report.divergence().has_converged() || report.divergence().converged();
  for (const std::string& breach : report.breaches()) {
    if (absl::StartsWith(breach, "did not converge")) continue;
    if (absl::StartsWith(breach, kPromiseBroken)) continue;
    if (absl::StartsWith(breach, "final read of") && !converged) continue;
    return Failure(KindOfBreach(breach), breach);
  }
  return {kAsPromised, false, ""};
}

Verdict JudgeLosses(const proto::Scenario& scenario, const proto::RunReport& report) {
  const proto::RunReport::Writes& writes = report.writes();
  if (writes.acked_lost() == 0) return {kAsPromised, false, ""};
  const Promise promise = PromiseOf(scenario);
  const std::string lost = absl::StrCat(writes.acked_lost(), " acknowledged writes lost");
  if (!promise.keeps_acknowledged) return {kUnpromisedLoss, false, lost + ": " + promise.because};
  if (writes.protected_lost() == 0) return {kUnpromisedLoss, false, lost + ", all unprotected"};
  return Failure("lost-write", WhyBroken(promise, writes));
}

// Of the promised guarantees that did not hold, the kind names one that implies no other of them:
// the smallest claim that is wrong.
Verdict JudgeGuarantees(const proto::Scenario& scenario, const proto::RunReport& report) {
  std::vector<std::string> names;
  std::vector<std::string> texts;
  for (BrokenGuarantee& broken :
       FindBrokenGuarantees(GuaranteesOf(scenario), report.consistency().summary())) {
    names.push_back(std::move(broken.name));
    texts.push_back(std::move(broken.text));
  }
  if (names.empty()) return {kAsPromised, false, ""};
  return Failure(absl::StrCat(kGuaranteeBroken, LabelOfGuarantee(WeakestOf(names).front())),
                 absl::StrJoin(texts, "; "));
}

// Judges a run that ends with a healed core, whose progress is the only expectation of a drawn
// scenario. Drawn faults that have not fired, or a heal without anything to heal, are no excuse.
Verdict JudgeProgress(const proto::Scenario& scenario, const proto::RunReport& report) {
  google::protobuf::RepeatedPtrField<proto::RunReport> runs;
  *runs.Add() = report;
  runs.begin()->clear_missing_faults();
  for (const proto::ExpectationResult& result : JudgeExpectations(scenario.expect(), runs)) {
    if (result.held()) continue;
    return Failure("no-progress",
                   absl::StrCat("after a sufficient core was healed, writes did not go on: ",
                                result.text(), ", measured ", result.measured()));
  }
  return {kAsPromised, false, ""};
}

Verdict JudgeReport(const proto::Scenario& scenario, const proto::RunReport& report) {
  Verdict verdict = JudgeBreaches(report);
  if (verdict.failed) return verdict;
  verdict = JudgeLosses(scenario, report);
  if (verdict.failed) return verdict;
  if (!report.complete()) return Failure(kRunFailed, "the run did not complete");
  const Verdict guarantees = JudgeGuarantees(scenario, report);
  if (guarantees.failed) return guarantees;
  const proto::RunReport::Divergence& end = report.divergence();
  if (end.has_converged() && !end.converged() && !report.elections().none_is_eligible()) {
    return Failure("not-converged", absl::StrJoin(report.breaches(), "; "));
  }
  const Verdict progress = JudgeProgress(scenario, report);
  return progress.failed ? progress : verdict;
}

bool FlipsBits(const proto::Scenario& scenario) {
  return std::any_of(scenario.faults().begin(), scenario.faults().end(),
                     [](const auto& fault) { return fault.do_() == proto::BIT_FLIP; });
}

}  // namespace

Verdict Judge(const proto::Scenario& scenario, const TrialEnd& end) {
  switch (end.how) {
    case TrialEnd::How::kReported:
      return JudgeReport(scenario, end.report);
    case TrialEnd::How::kFailed:
      // A node whose log is corrupt in the middle does not lead; another node must be promoted.
      if (FlipsBits(scenario) && absl::StrContains(end.words, "The log is left as it is")) {
        return {kCorruptLog, false, end.words};
      }
      return Failure(kRunFailed, end.words);
    case TrialEnd::How::kDied:
      return JudgeDeath(end.words);
    case TrialEnd::How::kStuck:
      return Failure("stuck", end.words);
  }
  return Failure(kRunFailed, "?");
}

std::vector<std::string> FailOnKinds() { return {kUnpromisedLoss, "not-held", kCorruptLog}; }

bool FailsOn(const Verdict& verdict, const std::vector<std::string>& kinds) {
  return std::any_of(kinds.begin(), kinds.end(), [&](const std::string& kind) {
    return verdict.kind == kind || absl::StartsWith(verdict.kind, absl::StrCat(kind, ": "));
  });
}

}  // namespace replsim
