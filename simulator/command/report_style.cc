#include "simulator/command/report_style.h"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "common/base/terminal_text.h"
#include "simulator/command/terminal_block.h"

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
  if (const std::optional<TerminalSize> size = SizeOfTerminal(STDOUT_FILENO)) {
    style.width = std::max(size->columns, kNarrowest);
    style.wrap = true;
  }
  return style;
}

std::string WrapForStdout(const std::string& text) {
  const TextOptions style = StyleOfStdout();
  return style.wrap ? WrapLines(text, style.width) : text;
}

}  // namespace replsim
