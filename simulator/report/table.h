// Rows of labelled cells, one column per run, laid out for a terminal: labels left, cells right,
// remarks last. Columns that do not fit side by side are wrapped into several tables.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace replsim {

struct TableRow {
  std::string label;
  std::vector<std::string> cells;  // one per column, or none; an empty cell shows "-", unknown
  std::string remark;              // after the cells; dropped if it does not fit
};

// A row without cells: the heading of the rows below it.
TableRow HeadingRow(std::string heading);

struct Table {
  std::vector<std::string> heads;
  std::vector<TableRow> rows;
  size_t gap = 3;  // spaces between columns
};

// The number of columns on a terminal; each UTF-8 sequence counts as one.
size_t DisplayWidth(const std::string& text);
std::string LayOut(const Table& table, size_t width);

}  // namespace replsim
