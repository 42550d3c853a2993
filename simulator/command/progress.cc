#include "simulator/command/progress.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "simulator/metrics/format.h"

namespace replsim {
namespace {

constexpr size_t kSparkWidth = 40;

}  // namespace

std::string NodeStateText(const NodeGlance& node, const NodeId& primary) {
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

std::string Sparkline(const std::deque<uint64_t>& values) {
  static const char* const kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const uint64_t most = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
  std::string line;
  for (const uint64_t value : values) {
    line += kBars[most == 0 ? 0 : (value * 7 + most - 1) / most];
  }
  return line;
}

Progress::Progress(Style style, std::string title, Nanos duration)
    : style_(style), title_(std::move(title)), duration_(duration) {}

Progress::~Progress() { Erase(); }

RunDisplay Progress::Display() {
  switch (style_) {
    case Style::kQuiet:
      return {};
    case Style::kLines:
      return {Millis(1000), [this](const RunGlance& g) { ShowLine(g); }};
    case Style::kBlock:
      return {Millis(100), [this](const RunGlance& g) { ShowBlock(g); }};
  }
  return {};
}

double Progress::WritesPerSecond(const RunGlance& glance) {
  const double seconds = std::chrono::duration<double>(glance.elapsed - last_elapsed_).count();
  if (seconds < 0.2) return rate_;
  rate_ = static_cast<double>(glance.committed - last_committed_) / seconds;
  last_committed_ = glance.committed;
  last_elapsed_ = glance.elapsed;
  return rate_;
}

void Progress::ShowLine(const RunGlance& glance) {
  std::string line = absl::StrFormat("%s  %-10s %4.1f s  %8s writes", title_, glance.phase,
                                     std::chrono::duration<double>(glance.elapsed).count(),
                                     Thousands(glance.committed));
  for (const NodeGlance& node : glance.nodes) {
    absl::StrAppend(&line, "  ", node.id.name(), " ", NodeStateText(node, glance.primary));
  }
  std::fprintf(stderr, "%s\n", line.c_str());
}

void Progress::ShowBlock(const RunGlance& glance) {
  Erase();
  const double seconds = std::chrono::duration<double>(glance.elapsed).count();
  std::string block =
      absl::StrFormat("%s · %s · %.1f of %.0f s · %s writes/s\n", title_, glance.phase,
                      std::min(seconds, std::chrono::duration<double>(duration_).count()),
                      std::chrono::duration<double>(duration_).count(),
                      Thousands(static_cast<uint64_t>(WritesPerSecond(glance))));
  uint64_t reference = 0;
  for (const NodeGlance& node : glance.nodes) {
    if (node.id == glance.primary) reference = node.core.append.lsn.value();
  }
  size_t shown = 0;
  for (const NodeGlance& node : glance.nodes) {
    if (++shown > 20) {
      absl::StrAppend(&block, "  and ", glance.nodes.size() - 20, " more\n");
      break;
    }
    absl::StrAppend(&block, absl::StrFormat("  %-4s %-21s", node.id.name(),
                                            NodeStateText(node, glance.primary)));
    const bool has_lag = node.state == NodeState::kUp && node.id != glance.primary && reference > 0;
    if (has_lag) {
      std::deque<uint64_t>& lags = lags_[node.id];
      const uint64_t applied = node.core.apply.value();
      lags.push_back(reference > applied ? reference - applied : 0);
      if (lags.size() > kSparkWidth) lags.pop_front();
      absl::StrAppend(&block, absl::StrFormat(" apply lag %9s entries  ", Thousands(lags.back())),
                      Sparkline(lags));
    } else if (node.id == glance.primary && reference > 0) {
      absl::StrAppend(&block, " at ", node.core.append.epoch.value(), ":", Thousands(reference));
    }
    block += "\n";
  }
  block_lines_ = static_cast<int>(std::count(block.begin(), block.end(), '\n'));
  std::fputs(block.c_str(), stderr);
  std::fflush(stderr);
}

void Progress::Erase() {
  if (block_lines_ == 0) return;
  std::fprintf(stderr, "\033[%dF\033[J", block_lines_);
  block_lines_ = 0;
}

}  // namespace replsim
