// Redraws a block of lines in place on a terminal (stderr).
//
// Between redraws the cursor stays at the beginning of the first line, and lines are written
// without automatic wrapping. Clearing means "from the cursor to the end of the screen", however
// many rows that is. So neither a narrower window, nor a terminal that rewraps old lines, nor a
// resize during a redraw leaves a line behind.
//
// Limit: when tmux rewraps lines, it moves as many rows from the top of the screen into its
// history, where they cannot be cleared. Those rows belong to the block only if the block is at the
// very top of the screen.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace replsim {

struct TerminalSize {
  size_t columns = 80;
  size_t rows = 24;
};

// The size of the terminal behind a file descriptor; absent if it is none, or does not say.
std::optional<TerminalSize> SizeOfTerminal(int fd);

class TerminalBlock {
 public:
  TerminalBlock() = default;
  ~TerminalBlock() { Clear(); }
  TerminalBlock(const TerminalBlock&) = delete;
  TerminalBlock& operator=(const TerminalBlock&) = delete;

  // Returns whether stderr is a terminal that can redraw.
  static bool IsPossible();
  // Returns the present size of stderr's terminal; 80 × 24 if the terminal does not report it.
  static TerminalSize Size();

  // Replaces the lines shown so far. Each line is truncated to the width of the terminal; lines
  // that do not fit above its last row are dropped.
  void Show(const std::vector<std::string>& lines);
  void Clear();

 private:
  bool shown_ = false;
};

}  // namespace replsim
