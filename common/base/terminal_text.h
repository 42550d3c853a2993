// The width of UTF-8 text on a terminal.
#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace replsim {

// The number of columns that `text` takes. An East Asian wide character or an emoji takes two,
// every other code point one; a combining character counts as one, so the result may be too large,
// never too small.
size_t TerminalColumns(absl::string_view text);

// The start of `text` that fits into `columns`, without its control characters. The last column is
// "…" where the text does not fit.
std::string CutToColumns(absl::string_view text, size_t columns);

// Breaks every line of `text` that is longer than `columns` at spaces. The rest of a broken line is
// indented by four more than the line, or not at all if that leaves too little room. A word that
// does not fit, such as a path, stays whole. ANSI colors take no columns.
std::string WrapLines(absl::string_view text, size_t columns);

}  // namespace replsim
