#include "simulator/command/progress.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/terminal_text.h"
#include "simulator/metrics/format.h"

namespace replsim {
namespace {

constexpr size_t kSparkWidest = 40;
constexpr size_t kNodesMost = 20;
constexpr size_t kWordyColumns = 64;  // from here on "apply" and "entries" fit

double SecondsOf(Nanos time) { return std::chrono::duration<double>(time).count(); }

// Shortens the title if the line is too long.
std::string TitleAnd(absl::string_view title, absl::string_view rest, size_t columns) {
  const size_t taken = TerminalColumns(rest);
  return absl::StrCat(CutToColumns(title, columns > taken ? columns - taken : 0), rest);
}

}  // namespace

std::string NodeStateText(const NodeSnapshot& node, const NodeId& primary) {
  switch (node.state) {
    case NodeState::kDown:
    case NodeState::kDying:
      return "down";
    case NodeState::kStarting:
      return "starting";
    case NodeState::kPaused:
      return "paused";
    case NodeState::kUp:
      break;
  }
  const CoreDescription& core = node.core;
  if (!core.failure.empty()) return "stopped";
  if (core.fenced) return "fenced";
  if (node.id == primary) return core.unprotected ? "primary, unprotected" : "primary";
  return core.following.empty() ? "disconnected" : "streaming";
}

std::string Sparkline(const std::deque<uint64_t>& values, size_t columns) {
  static const char* const kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const auto first = values.end() - static_cast<std::ptrdiff_t>(std::min(columns, values.size()));
  const uint64_t most = first == values.end() ? 0 : *std::max_element(first, values.end());
  std::string line;
  for (auto value = first; value != values.end(); ++value) {
    line += kBars[most == 0 ? 0 : (*value * 7 + most - 1) / most];
  }
  return line;
}

Progress::Progress(Style style, Runtime runtime, std::string title, Nanos duration)
    : style_(style),
      runtime_(runtime),
      title_(std::move(title)),
      duration_(duration),
      last_shown_(MonotonicNow()) {}

RunDisplay Progress::Display() {
  if (style_ == Style::kQuiet) return {};
  const Nanos interval = style_ == Style::kLines ? Millis(1000) : Millis(100);
  return {interval, [this](const RunSnapshot& glance) { Show(glance); }};
}

// Limits the redraws of a virtual run: virtual time passes faster than a person can read.
bool Progress::IsDue() {
  if (runtime_ == Runtime::kLive) return true;
  const Instant now = MonotonicNow();
  if (now - last_shown_ < (style_ == Style::kLines ? Millis(1000) : Millis(100))) return false;
  last_shown_ = now;
  return true;
}

void Progress::Show(const RunSnapshot& glance) {
  if (!IsDue()) return;
  if (style_ == Style::kLines) {
    std::fprintf(stderr, "%s\n", PlainLine(glance).c_str());
    return;
  }
  const size_t columns = TerminalBlock::Size().columns - 1;  // the last column stays free
  if (runtime_ == Runtime::kVirtual) {
    terminal_.Show({VirtualLine(glance, columns)});
  } else {
    terminal_.Show(Block(glance, columns));
  }
}

std::string Progress::PlainLine(const RunSnapshot& glance) const {
  std::string line = absl::StrFormat("%s  %-10s %4.1f s  %8s writes", title_, glance.phase,
                                     SecondsOf(glance.elapsed), Thousands(glance.committed));
  for (const NodeSnapshot& node : glance.nodes) {
    absl::StrAppend(&line, "  ", node.id.name(), " ", NodeStateText(node, glance.primary));
  }
  return line;
}

std::string Progress::VirtualLine(const RunSnapshot& glance, size_t columns) const {
  const Nanos elapsed = std::min(glance.elapsed, duration_);
  return TitleAnd(
      title_,
      absl::StrFormat(" · %s · virtual %.1f of %.0f s · %.0f %%", glance.phase, SecondsOf(elapsed),
                      SecondsOf(duration_), 100 * SecondsOf(elapsed) / SecondsOf(duration_)),
      columns);
}

double Progress::WritesPerSecond(const RunSnapshot& glance) {
  const double seconds = SecondsOf(glance.elapsed - last_elapsed_);
  if (seconds < 0.2) return rate_;
  rate_ = static_cast<double>(glance.committed - last_committed_) / seconds;
  last_committed_ = glance.committed;
  last_elapsed_ = glance.elapsed;
  return rate_;
}

std::string Progress::HeadLine(const RunSnapshot& glance, size_t columns) {
  std::string rest =
      duration_ == Nanos(0)
          ? absl::StrFormat(" · %s · %.1f s", glance.phase, SecondsOf(glance.elapsed))
          : absl::StrFormat(" · %s · %.1f of %.0f s", glance.phase,
                            SecondsOf(std::min(glance.elapsed, duration_)), SecondsOf(duration_));
  const std::string rate =
      absl::StrCat(" · ", Thousands(static_cast<uint64_t>(WritesPerSecond(glance))), " writes/s");
  if (TerminalColumns(title_) + TerminalColumns(rest) + TerminalColumns(rate) <= columns) {
    rest += rate;
  }
  return TitleAnd(title_, rest, columns);
}

std::string Progress::NodeLine(const NodeSnapshot& node, const NodeId& primary, uint64_t newest,
                               size_t columns) {
  std::string line = absl::StrFormat("  %-4s %-12s", node.id.name(), NodeStateText(node, primary));
  if (newest == 0) return line;
  if (node.id == primary) {
    return absl::StrCat(line, " at ", node.core.append.epoch.value(), ":", Thousands(newest));
  }
  if (node.state != NodeState::kUp) return line;
  const uint64_t applied = node.core.apply.value();
  std::deque<uint64_t>& lags = lags_[node.id];
  lags.push_back(newest > applied ? newest - applied : 0);
  if (lags.size() > kSparkWidest) lags.pop_front();
  const bool wordy = columns >= kWordyColumns;
  line += absl::StrFormat(" %slag %9s %s ", wordy ? "apply " : "", Thousands(lags.back()),
                          wordy ? "entries " : "");
  const size_t taken = TerminalColumns(line);
  return absl::StrCat(line, Sparkline(lags, columns > taken ? columns - taken : 0));
}

std::vector<std::string> Progress::Block(const RunSnapshot& glance, size_t columns) {
  std::vector<std::string> lines = {HeadLine(glance, columns)};
  uint64_t newest = 0;
  for (const NodeSnapshot& node : glance.nodes) {
    if (node.id == glance.primary) newest = node.core.append.lsn.value();
  }
  for (const NodeSnapshot& node : glance.nodes) {
    if (lines.size() > kNodesMost) {
      lines.push_back(absl::StrCat("  and ", glance.nodes.size() - kNodesMost, " more"));
      break;
    }
    lines.push_back(NodeLine(node, glance.primary, newest, columns));
  }
  return lines;
}

}  // namespace replsim
