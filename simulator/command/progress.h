// What is shown while a run goes on. On a terminal it is redrawn in place: a block with a line per
// node for a live run, one line for a run in virtual time. Elsewhere it is a line per second.
// All of it goes to stderr: stdout is for the report.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "simulator/command/terminal_block.h"
#include "simulator/run/run.h"

namespace replsim {

class Progress {
 public:
  enum class Style { kQuiet, kLines, kTerminal };
  enum class Runtime { kLive, kVirtual };

  // `duration` is that of the load.
  Progress(Style style, Runtime runtime, std::string title, Nanos duration);

  // It refers to this object, which outlives the run.
  RunDisplay Display();

  // What is shown on a terminal with so many columns. A block is kept aligned from 40 columns on.
  std::vector<std::string> Block(const RunGlance& glance, size_t columns);
  std::string VirtualLine(const RunGlance& glance, size_t columns) const;

 private:
  void Show(const RunGlance& glance);
  bool IsDue();
  std::string PlainLine(const RunGlance& glance) const;
  std::string HeadLine(const RunGlance& glance, size_t columns);
  std::string NodeLine(const NodeGlance& node, const NodeId& primary, uint64_t newest,
                       size_t columns);
  double WritesPerSecond(const RunGlance& glance);

  const Style style_;
  const Runtime runtime_;
  const std::string title_;
  const Nanos duration_;
  TerminalBlock terminal_;
  Instant last_shown_;
  uint64_t last_committed_ = 0;
  Nanos last_elapsed_{0};
  double rate_ = 0;
  std::map<NodeId, std::deque<uint64_t>> lags_;  // apply lag in entries, newest last
};

// "primary", "streaming", "down" …
std::string NodeStateText(const NodeGlance& node, const NodeId& primary);

// ▁▂▃▄▅▆▇█ over the newest `columns` values, scaled to the largest of them; the lowest bar for all
// where they are 0.
std::string Sparkline(const std::deque<uint64_t>& values, size_t columns);

}  // namespace replsim
