#include "simulator/analysis/reads/linearizability.h"

#include "common/base/time.h"
#include "common/stats/samples.h"
#include "simulator/analysis/evidence/distribution.h"
#include "simulator/analysis/reads/judged_history.h"
#include "simulator/judge/describe.h"
#include "simulator/judge/linearizable.h"

namespace replsim {

WitnessPicture CheckLinearizable(const Recording& recording,
                                 proto::RunReport::Consistency* consistency) {
  const history::History history = ToJudgedHistory(recording);
  // Values are unique, so no search is needed. In a corrupt file they may repeat; the verdict is
  // then unknown.
  judge::Budget none;
  none.may_search = false;
  const judge::Verdict verdict = judge::JudgeLinearizable(history, none);
  if (verdict.reads == 0 || verdict.holds == judge::Holds::kUnknown) return {};
  proto::RunReport::Linearizable& out = *consistency->mutable_linearizable();
  out.set_holds(verdict.holds == judge::Holds::kYes);
  out.set_keys(verdict.keys);
  out.set_bad_keys(verdict.bad_keys);
  if (verdict.late_by) out.set_late_by_ms(MillisFrom(*verdict.late_by));
  Samples late;
  for (const int64_t time : verdict.late_reads) late.Add(time);
  out.set_late_reads(late.count());
  out.set_reads(verdict.reads);
  *out.mutable_late_us() = ToDistribution(late, kNanosPerMicro);
  out.set_reason(verdict.reason);
  for (const size_t index : verdict.witness) {
    out.add_witness(judge::Describe(history, history.operations[index]));
  }
  for (const std::string& because : verdict.because) out.add_because(because);
  return PictureOf(history, verdict);
}

}  // namespace replsim
