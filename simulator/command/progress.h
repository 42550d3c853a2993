// What a person sees while a run goes on: on a terminal one block that is redrawn in place,
// otherwise a plain line a second. Everything goes to stderr; stdout is for the report.
#pragma once

#include <deque>
#include <map>
#include <string>

#include "simulator/run/run.h"

namespace replsim {

class Progress {
 public:
  enum class Style { kQuiet, kLines, kBlock };

  Progress(Style style, std::string title, Nanos duration);
  ~Progress();  // clears the block

  RunDisplay Display();

 private:
  void ShowBlock(const RunGlance& glance);
  void ShowLine(const RunGlance& glance);
  void Erase();
  double WritesPerSecond(const RunGlance& glance);

  const Style style_;
  const std::string title_;
  const Nanos duration_;
  int block_lines_ = 0;
  uint64_t last_committed_ = 0;
  Nanos last_elapsed_{0};
  double rate_ = 0;
  std::map<NodeId, std::deque<uint64_t>> lags_;  // apply lag in entries, newest last
};

// "primary", "streaming", "down" …
std::string NodeStateText(const NodeGlance& node, const NodeId& primary);

// ▁▂▃▄▅▆▇█ over the values, scaled to the largest; all the lowest where they are 0.
std::string Sparkline(const std::deque<uint64_t>& values);

}  // namespace replsim
