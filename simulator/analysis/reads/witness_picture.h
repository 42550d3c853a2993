// A violation as a drawing: the operations of its witness, the operations around them, the faults
// of that time, and the contradictions. Plain data; simulator/report/page draws it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"

namespace replsim {

struct WitnessPicture {
  // Unit of `begin` and `end` below. kMillis: milliseconds since History::origin. kRows: rows of
  // the file, if it has no times. kPlaces: places in each session, if only the order within
  // sessions is known.
  enum class Axis : uint8_t { kMillis, kRows, kPlaces };
  static constexpr size_t kMostBars = 200;
  static constexpr size_t kNoBar = static_cast<size_t>(-1);

  struct Row {
    std::string name;      // of the client
    bool witness = false;  // has an operation of the witness
  };
  struct Bar {
    size_t row = 0;  // index into rows
    double begin = 0;
    double end = 0;
    bool answered = true;  // false: open to the right, `end` is the end of the picture
    std::string letter;    // A, B, … for operations of the witness, by begin; else empty
    size_t value = 0;      // the same number for operations on the same value, from 0
    std::string label;     // "read c7-53 on r2"
    std::string text;      // as the label, with client and times
  };
  // `because` says why `from` took effect before `to`. kNoBar stands for the initial values; if
  // both are kNoBar, only the text is shown. `gap` is the time between the end of `from` and the
  // begin of `to`.
  struct Arrow {
    size_t from = kNoBar;
    size_t to = kNoBar;
    std::string because;
    double gap = 0;  // 0: they overlap, or times are unknown
  };
  struct Band {
    double begin = 0;
    double end = 0;
    std::string text;
  };

  Axis axis = Axis::kMillis;
  double begin = 0;
  double end = 0;
  std::vector<Row> rows;      // rows of the witness first
  std::vector<Bar> bars;      // bars of the witness first, in order of begin
  std::vector<Arrow> arrows;  // in the order of the explanation
  std::vector<Band> faults;
  uint64_t left_out = 0;  // operations in the drawn time that are not drawn

  bool empty() const { return bars.empty(); }
};

// Empty if the verdict has no witness. For registers, the other operations drawn are on the same
// keys.
WitnessPicture PictureOf(const history::History& history, const judge::Verdict& verdict);

}  // namespace replsim
