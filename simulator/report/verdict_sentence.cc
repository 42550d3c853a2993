#include "simulator/report/verdict_sentence.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "simulator/metrics/format.h"
#include "simulator/report/metric_rows.h"

namespace replsim {
namespace {

std::string LossSentence(const proto::RunReport& run) {
  if (!run.writes().has_acked_lost()) return "";
  const uint64_t lost = run.writes().acked_lost();
  const proto::RunReport::Promise& promise = run.promise();
  const bool judged = promise.has_keeps_acknowledged() && promise.faults() > 0;
  if (lost > 0) {
    const char* why = "";
    if (judged) {
      why = promise.keeps_acknowledged() ? ", although this setting promises to keep them"
                                         : ", which this setting does not exclude";
    }
    return absl::StrCat(Counted(lost, "acknowledged write"), lost == 1 ? " was" : " were", " lost",
                        why, ".");
  }
  if (!judged) return "No acknowledged write was lost.";
  return promise.keeps_acknowledged()
             ? "No acknowledged write was lost, as promised."
             : "No acknowledged write was lost: luck, because this setting promises nothing here.";
}

std::string StopSentence(const proto::RunReport& run) {
  if (const auto rto = ValueOf("rto_ms", run)) {
    return absl::StrCat("Writes stopped for ", MillisText(*rto), ".");
  }
  const auto stopped = ValueOf("unavailable_at_end_ms", run);
  if (stopped && *stopped > 0 && run.promise().faults() > 0) {
    return absl::StrCat("At the end of the load no write had been committed for ",
                        MillisText(*stopped), ".");
  }
  return "";
}

std::string CostSentence(const proto::RunReport& run) {
  const auto p50 = ValueOf("write_p50_healthy_ms", run);
  const auto p99 = ValueOf("write_p99_healthy_ms", run);
  if (!p50 || !p99) return "";
  return absl::StrCat(
      run.promise().faults() > 0 ? "Before the fault a write took " : "A write took ",
      MillisText(*p50), " (p50) to ", MillisText(*p99), " (p99).");
}

std::string ReadSentence(const proto::RunReport& run) {
  const auto stale = ValueOf("stale_reads", run);
  const auto reads = ValueOf("reads", run);
  if (!stale || !reads || *reads == 0) return "";
  if (*stale == 0) return "No read was stale.";
  return absl::StrCat(Thousands(static_cast<uint64_t>(*stale)), " of ",
                      Counted(static_cast<uint64_t>(*reads), "read"),
                      *stale == 1 ? " was stale." : " were stale.");
}

}  // namespace

std::string VerdictSentence(const proto::RunReport& run) {
  std::vector<std::string> sentences;
  if (run.breaches_size() > 0) {
    sentences.push_back(absl::StrCat("An invariant was violated: ", run.breaches(0), "."));
  }
  for (const auto sentence : {LossSentence, StopSentence, CostSentence, ReadSentence}) {
    if (std::string text = sentence(run); !text.empty()) sentences.push_back(std::move(text));
  }
  return absl::StrJoin(sentences, " ");
}

}  // namespace replsim
