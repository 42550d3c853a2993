// Shows the progress of a run on stderr; stdout is reserved for the report. On a terminal the
// display is redrawn in place: one line per node for a live run, one line for a virtual run.
// Otherwise it prints one line per second.
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

  // `duration` is the length of the load; 0: until it is stopped.
  Progress(Style style, Runtime runtime, std::string title, Nanos duration);

  // The display refers to this object, which must outlive the run.
  RunDisplay Display();

  // The lines for a terminal with `columns` columns. They are aligned from 40 columns up.
  std::vector<std::string> Block(const RunSnapshot& glance, size_t columns);
  std::string VirtualLine(const RunSnapshot& glance, size_t columns) const;

 private:
  void Show(const RunSnapshot& glance);
  bool IsDue();
  std::string PlainLine(const RunSnapshot& glance) const;
  std::string HeadLine(const RunSnapshot& glance, size_t columns);
  std::string NodeLine(const NodeSnapshot& node, const NodeId& primary, uint64_t newest,
                       size_t columns);
  double WritesPerSecond(const RunSnapshot& glance);

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
std::string NodeStateText(const NodeSnapshot& node, const NodeId& primary);

// Draws ▁▂▃▄▅▆▇█ for the newest `columns` values, scaled to their maximum; the lowest bar if all
// are 0.
std::string Sparkline(const std::deque<uint64_t>& values, size_t columns);

}  // namespace replsim
