#include "simulator/report/table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace replsim {
namespace {

std::string Padding(size_t width, const std::string& text) {
  const size_t used = DisplayWidth(text);
  return std::string(used < width ? width - used : 0, ' ');
}

const std::string& CellText(const TableRow& row, size_t column) {
  static const std::string kUnknown = "-";
  const std::string& cell = row.cells[column];
  return cell.empty() ? kUnknown : cell;
}

size_t ColumnWidth(const Table& table, size_t column) {
  size_t width = DisplayWidth(table.heads[column]);
  for (const TableRow& row : table.rows) {
    if (!row.cells.empty()) width = std::max(width, DisplayWidth(CellText(row, column)));
  }
  return width;
}

// Lays out the columns [from, to) of the table.
std::string LayOutPart(const Table& table, const std::vector<size_t>& widths, size_t label_width,
                       size_t from, size_t to, size_t width) {
  std::string heads(label_width, ' ');
  for (size_t c = from; c < to; ++c) {
    absl::StrAppend(&heads, std::string(table.gap, ' '), Padding(widths[c], table.heads[c]),
                    table.heads[c]);
  }
  std::string text = absl::StrCat(absl::StripTrailingAsciiWhitespace(heads), "\n");
  for (const TableRow& row : table.rows) {
    if (row.cells.empty()) {
      absl::StrAppend(&text, row.label, "\n");
      continue;
    }
    std::string line = row.label + Padding(label_width, row.label);
    for (size_t c = from; c < to; ++c) {
      const std::string& cell = CellText(row, c);
      absl::StrAppend(&line, std::string(table.gap, ' '), Padding(widths[c], cell), cell);
    }
    const bool whole = from == 0 && to == table.heads.size();
    if (whole && !row.remark.empty() &&
        DisplayWidth(line) + table.gap + DisplayWidth(row.remark) <= width) {
      absl::StrAppend(&line, std::string(table.gap, ' '), row.remark);
    }
    absl::StrAppend(&text, absl::StripTrailingAsciiWhitespace(line), "\n");
  }
  return text;
}

}  // namespace

TableRow HeadingRow(std::string heading) { return {std::move(heading), {}, ""}; }

size_t DisplayWidth(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;  // not a UTF-8 continuation
  }));
}

std::string LayOut(const Table& table, size_t width) {
  size_t label_width = 0;
  for (const TableRow& row : table.rows)
    label_width = std::max(label_width, DisplayWidth(row.label));
  std::vector<size_t> widths;
  for (size_t c = 0; c < table.heads.size(); ++c) widths.push_back(ColumnWidth(table, c));
  std::string text;
  for (size_t from = 0; from < widths.size();) {
    size_t used = label_width + table.gap + widths[from];
    size_t to = from + 1;
    while (to < widths.size() && used + table.gap + widths[to] <= width)
      used += table.gap + widths[to++];
    if (from > 0) text += '\n';
    text += LayOutPart(table, widths, label_width, from, to, width);
    from = to;
  }
  return text;
}

}  // namespace replsim
