#include "simulator/report/explain.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/status.h"
#include "common/base/time.h"
#include "simulator/analysis/writes/explained_write.h"
#include "simulator/metrics/format.h"
#include "simulator/report/table.h"

namespace replsim {
namespace {

std::string Padded(std::string text, size_t width) {
  const size_t seen = DisplayWidth(text);
  if (seen < width) text.append(width - seen, ' ');
  return text;
}

// A bar from `from` to `to` on a line that stands for `length`; at least one column wide.
std::string Bar(int64_t from, int64_t to, int64_t length) {
  constexpr double kColumns = 40;
  const double scale = kColumns / static_cast<double>(std::max<int64_t>(length, 1));
  const auto first = static_cast<size_t>(static_cast<double>(from) * scale);
  const auto last = static_cast<size_t>(std::ceil(static_cast<double>(to) * scale));
  const size_t blank = std::min(first, static_cast<size_t>(kColumns) - 1);
  std::string bar(blank, ' ');
  for (size_t i = blank; i < std::max(last, blank + 1); ++i) absl::StrAppend(&bar, "█");
  return bar;
}

// One line per step: its duration, its name, and a bar at its place in the whole.
std::string Timeline(const std::vector<Wait>& waits) {
  if (waits.empty()) return "";
  const int64_t begin = waits.front().from_ns;
  const int64_t length = waits.back().to_ns - begin;
  size_t width = 0;
  for (const Wait& wait : waits) width = std::max(width, DisplayWidth(wait.what));
  std::string text = absl::StrCat(LongestStep(waits), "\n\n");
  for (const Wait& wait : waits) {
    absl::StrAppendFormat(&text, "%12.3f ms  %s  %s\n", MillisFrom(wait.length_ns()),
                          Padded(wait.what, width),
                          Bar(wait.from_ns - begin, wait.to_ns - begin, length));
  }
  return text;
}

std::string Moments(const ExplainedWrite& write) {
  std::string text =
      absl::StrFormat("times since the client sent it, at %.3f s of the load\n\n", write.origin_s);
  for (const Moment& moment : write.life) {
    absl::StrAppendFormat(&text, "%12.3f ms  %s\n", MillisFrom(moment.time_ns - write.origin_ns),
                          moment.text);
  }
  return text;
}

}  // namespace

absl::StatusOr<std::string> ExplainWrite(const Recording& recording, absl::string_view which,
                                         const proto::RunReport::Promise& promise) {
  const FinalLog final_log(recording);
  const LeadershipHistory leadership_history(recording);
  const Fates fates = DecideFates(recording, final_log);
  const KnownWrites evidence{recording, final_log, leadership_history, fates};
  REPL_ASSIGN_OR_RETURN(const WriteRef found, FindWrite(evidence, which));
  const ExplainedWrite write = Explain(evidence, found);
  std::string text = write.heading + "\n";
  if (!write.elsewhere.empty()) absl::StrAppend(&text, write.elsewhere, "\n");
  if (write.life.empty())
    return text + "neither the traces nor the history contain more about this write\n";
  if (!write.loss.empty()) absl::StrAppend(&text, "lost: ", write.loss, "\n");
  if (write.lost && promise.has_keeps_acknowledged()) {
    absl::StrAppend(&text, "promised to survive: ", promise.keeps_acknowledged() ? "yes" : "no",
                    " (", promise.because(), ")\n");
  }
  for (const std::string& part : {Timeline(write.waits), Moments(write)}) {
    if (!part.empty()) absl::StrAppend(&text, "\n", part);
  }
  return text;
}

}  // namespace replsim
