#include "simulator/command/terminal_block.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/terminal_text.h"

namespace replsim {
namespace {

// Control sequences of ECMA-48 and DEC: DECAWM (automatic wrapping), DECSC and DECRC.
constexpr char kClearToEndOfLine[] = "\033[K";
constexpr char kClearToEndOfScreen[] = "\033[J";
constexpr char kWrapOff[] = "\033[?7l";
constexpr char kWrapOn[] = "\033[?7h";
// Clears from the second line on: tmux saves a screen that is cleared as a whole in its history.
constexpr char kClearBlock[] = "\r\033[K\0337\033[B\033[J\0338";

void WriteToTerminal(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace

std::optional<TerminalSize> SizeOfTerminal(int fd) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
    return std::nullopt;
  }
  return TerminalSize{size.ws_col, size.ws_row};
}

bool TerminalBlock::IsPossible() {
  const char* const kind = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && kind != nullptr && absl::string_view(kind) != "dumb";
}

TerminalSize TerminalBlock::Size() {
  return SizeOfTerminal(STDERR_FILENO).value_or(TerminalSize());
}

void TerminalBlock::Show(const std::vector<std::string>& lines) {
  const TerminalSize size = Size();
  const size_t count = std::min(lines.size(), size.rows - 1);
  std::string text = absl::StrCat("\r", kWrapOff);
  for (size_t i = 0; i < count; ++i) {
    absl::StrAppend(&text, CutToColumns(lines[i], size.columns - 1), kClearToEndOfLine, "\n");
  }
  absl::StrAppend(&text, kClearToEndOfScreen, kWrapOn);
  if (count > 0) absl::StrAppend(&text, "\033[", count, "A");
  WriteToTerminal(text);
  shown_ = true;
}

void TerminalBlock::Clear() {
  if (!shown_) return;
  WriteToTerminal(kClearBlock);
  shown_ = false;
}

}  // namespace replsim
