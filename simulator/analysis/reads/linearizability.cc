#include "simulator/analysis/reads/linearizability.h"

#include <algorithm>
#include <cstdint>

#include "common/base/time.h"
#include "common/stats/samples.h"
#include "simulator/analysis/evidence/distribution.h"
#include "simulator/analysis/reads/judged_history.h"
#include "simulator/analysis/reads/log_linearization.h"
#include "simulator/judge/describe.h"
#include "simulator/judge/isolation.h"
#include "simulator/judge/linearizable.h"
#include "simulator/judge/shrink_witness.h"

namespace replsim {

namespace {

// Limits of the search, which is needed for compare-and-sets, deletes and appends. The time limit
// counts the judge's steps and not seconds, so a recording always gets the same verdict.
constexpr uint64_t kLooks = 2000;  // about 16,000 steps each
constexpr uint64_t kLooksPerKey = 20;
constexpr uint64_t kTransactionLooks = 60;  // a step copies the values of all keys
constexpr size_t kSearchBytes = size_t{256} << 20;
constexpr char kOnlyEachKey[] =
    "each key alone is linearizable; the search over all keys reached its limit";
constexpr char kLimitReached[] =
    "the search reached its limit; replsim check can judge the recording with another one";

judge::Budget LimitsFor(const history::History& history) {
  judge::Budget budget;
  budget.memory_bytes = kSearchBytes;
  budget.is_spent = [left = kLooks + kLooksPerKey * history.keys.size()]() mutable {
    if (left > 0) --left;
    return left == 0;
  };
  return budget;
}

bool NeedsSearch(const history::History& history) {
  if (history.model == history::Model::kKvAppend) return true;
  return std::any_of(
      history.operations.begin(), history.operations.end(),
      [](const history::Operation& operation) {
        return operation.kind == history::Kind::kCas ||
               (operation.kind == history::Kind::kWrite && operation.value == history::kNil);
      });
}

bool HasTransactions(const Recording& recording) {
  return std::any_of(recording.operations.begin(), recording.operations.end(),
                     [](const Operation& operation) { return operation.key_count() > 1; });
}

// Violations that one client can see are found fast, without a search.
judge::Verdict JudgeTransactions(const history::History& history) {
  judge::Verdict causal =
      judge::JudgeIsolation(history, {judge::Guarantee::kCausal}, LimitsFor(history)).front();
  if (causal.holds == judge::Holds::kNo) return causal;
  judge::Budget budget;
  budget.memory_bytes = kSearchBytes;
  budget.is_spent = [left = kTransactionLooks]() mutable {
    if (left > 0) --left;
    return left == 0;
  };
  return judge::JudgeStrictSerializable(history, budget);
}

// Judges transactions of which each key alone is linearizable. Sets the verdict, and the violation
// if there is one.
WitnessPicture CheckTransactions(const Recording& recording, const FinalLog& final_log,
                                 proto::RunReport::Linearizable* out) {
  if (TookEffectInLogOrder(recording, final_log)) return {};
  const history::History history = ToJudgedHistory(recording);
  const judge::Verdict verdict = JudgeTransactions(history);
  out->set_searched(true);
  if (verdict.holds == judge::Holds::kYes) return {};
  out->clear_holds();
  out->clear_bad_keys();
  out->clear_late_by_ms();
  out->set_reason(kOnlyEachKey);
  if (verdict.holds == judge::Holds::kUnknown) return {};
  out->set_holds(false);
  out->set_reason(verdict.reason);
  for (const size_t index : verdict.witness) {
    out->add_witness(judge::DescribeTransaction(history, index));
  }
  for (const std::string& because : verdict.because) out->add_because(because);
  return PictureOf(history, verdict);
}

uint64_t CountReads(const history::History& history) {
  return static_cast<uint64_t>(
      std::count_if(history.operations.begin(), history.operations.end(),
                    [](const auto& operation) { return operation.kind == history::Kind::kRead; }));
}

bool HasAnsweredReads(const Recording& recording) {
  return std::any_of(recording.operations.begin(), recording.operations.end(),
                     [](const Operation& operation) {
                       return !operation.is_write && operation.outcome == proto::COMMITTED;
                     });
}

}  // namespace

WitnessPicture CheckLinearizable(const Recording& recording, const FinalLog& final_log,
                                 proto::RunReport::Consistency* consistency) {
  if (!HasAnsweredReads(recording)) return {};  // writes alone are always linearizable
  const history::History history = ToHistoryOfKeys(recording);
  // Puts write unique values, so they need no search. In a corrupt file values may repeat; the
  // verdict is then unknown.
  const bool searched = NeedsSearch(history);
  judge::Budget budget = LimitsFor(history);
  budget.may_search = searched;
  const judge::Verdict verdict = judge::JudgeLinearizable(history, budget);
  const uint64_t reads = searched ? CountReads(history) : verdict.reads;
  if (reads == 0 || (verdict.holds == judge::Holds::kUnknown && !searched)) return {};
  proto::RunReport::Linearizable& out = *consistency->mutable_linearizable();
  if (searched) out.set_searched(true);
  if (verdict.holds == judge::Holds::kUnknown) {
    out.set_reads(reads);
    out.set_reason(kLimitReached);
    return {};
  }
  out.set_holds(verdict.holds == judge::Holds::kYes);
  out.set_keys(verdict.keys);
  if (!verdict.bad_keys_at_least) out.set_bad_keys(verdict.bad_keys);
  if (verdict.late_by) out.set_late_by_ms(MillisFrom(*verdict.late_by));
  Samples late;
  for (const int64_t time : verdict.late_reads) late.Add(time);
  out.set_late_reads(late.count());
  out.set_reads(reads);
  *out.mutable_late_us() = ToDistribution(late, kNanosPerMicro);
  out.set_reason(verdict.reason);
  for (const size_t index : verdict.witness) {
    out.add_witness(judge::Describe(history, history.operations[index]));
  }
  for (const std::string& because : verdict.because) out.add_because(because);
  if (out.holds() && HasTransactions(recording)) {
    return CheckTransactions(recording, final_log, &out);
  }
  return PictureOf(history, verdict);
}

}  // namespace replsim
