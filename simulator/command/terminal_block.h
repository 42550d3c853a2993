// A few lines on a terminal that are redrawn in place.
//
// Between two redraws the cursor stays at the beginning of the first line, and the lines are
// written without automatic wrapping. So neither a narrower window, nor a terminal that wraps its
// old lines again, nor a resize in the middle of a redraw can leave a line behind: clearing means
// "from the cursor to the end of the screen", however many rows that is. One limit: when tmux wraps
// lines again, it moves as many rows from the top of the screen into its history, where nothing can
// clear them. They belong to the block only if it is at the very top of the screen.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace replsim {

struct TerminalSize {
  size_t columns = 80;
  size_t rows = 24;
};

class TerminalBlock {
 public:
  TerminalBlock() = default;
  ~TerminalBlock() { Clear(); }
  TerminalBlock(const TerminalBlock&) = delete;
  TerminalBlock& operator=(const TerminalBlock&) = delete;

  // Whether stderr is a terminal that can redraw.
  static bool IsPossible();
  // Of stderr, as it is now; a terminal that does not tell has 80 × 24.
  static TerminalSize Size();

  // Draws `lines` instead of those shown so far. Each is cut to the width of the terminal, and
  // there are at most as many as fit above its last row.
  void Show(const std::vector<std::string>& lines);
  void Clear();

 private:
  bool shown_ = false;
};

}  // namespace replsim
