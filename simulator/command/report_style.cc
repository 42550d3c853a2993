#include "simulator/command/report_style.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "common/base/terminal_text.h"

namespace replsim {
namespace {

// A narrower terminal breaks the lines itself.
constexpr size_t kNarrowest = 40;

}  // namespace

TextOptions StyleOfStdout(std::string run_folder) {
  TextOptions style;
  style.run_folder = std::move(run_folder);
  if (isatty(STDOUT_FILENO) == 0) return style;
  style.color = true;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    style.width = std::max<size_t>(size.ws_col, kNarrowest);
    style.wrap = true;
  }
  return style;
}

std::string WrapForStdout(const std::string& text) {
  const TextOptions style = StyleOfStdout();
  return style.wrap ? WrapLines(text, style.width) : text;
}

}  // namespace replsim
