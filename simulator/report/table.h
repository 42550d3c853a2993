// Rows of labelled cells, one column per run, laid out for a terminal: labels left, cells right,
// remarks after them. Where the columns do not fit side by side they are wrapped into several
// tables.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace replsim {

struct TableRow {
  std::string label;
  std::vector<std::string> cells;  // one per column, or none; an empty one: "-", not known
  std::string remark;              // after the cells; dropped where it does not fit
};

// A row without cells is the heading of the rows below it, up to the next one.
TableRow HeadingRow(std::string heading);

struct Table {
  std::vector<std::string> heads;
  std::vector<TableRow> rows;
};

// Widths are of what is seen: UTF-8 sequences count as one column each.
size_t DisplayWidth(const std::string& text);
std::string LayOut(const Table& table, size_t width);

}  // namespace replsim
