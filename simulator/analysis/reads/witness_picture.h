// A violation as a drawing: the operations of its witness, those around them, the faults of that
// time, and what contradicts what. Plain data; simulator/report/page draws it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "simulator/history/history.h"
#include "simulator/judge/verdict.h"

namespace replsim {

struct WitnessPicture {
  // Of `begin` and `end` below: milliseconds since History::origin; rows of the file, if it
  // has no times; or, where only the order of each session is known, places in it.
  enum class Axis : uint8_t { kMillis, kRows, kPlaces };
  static constexpr size_t kMostBars = 200;
  static constexpr size_t kNoBar = static_cast<size_t>(-1);

  struct Row {
    std::string name;      // of a client
    bool witness = false;  // has an operation of the witness
  };
  struct Bar {
    size_t row = 0;  // index into rows
    double begin = 0;
    double end = 0;
    bool answered = true;  // false: open to the right; `end` is that of the picture
    std::string letter;  // of an operation of the witness, A, B, … in order of begin; else empty
    size_t value = 0;    // operations of one value have one number, from 0 on, in order of begin
    std::string label;   // "read c7-53 on r2"
    std::string text;    // with client and times
  };
  // `because` says why `from` took effect before `to`; kNoBar stands for the initial values. If
  // both are kNoBar, there is only the text. If the first ended before the second began, `gap` is
  // the time between them.
  struct Arrow {
    size_t from = kNoBar;
    size_t to = kNoBar;
    std::string because;
    double gap = 0;  // 0: they overlap, or times are not known
  };
  struct Band {
    double begin = 0;
    double end = 0;
    std::string text;
  };

  Axis axis = Axis::kMillis;
  double begin = 0;
  double end = 0;
  std::vector<Row> rows;      // those of the witness first
  std::vector<Bar> bars;      // those of the witness first, in order of begin
  std::vector<Arrow> arrows;  // in the order of the explanation
  std::vector<Band> faults;
  uint64_t left_out = 0;  // operations of this time that are not drawn

  bool empty() const { return bars.empty(); }
};

// Empty if the verdict has no witness. Registers: the other operations drawn are of the same key.
WitnessPicture PictureOf(const history::History& history, const judge::Verdict& verdict);

}  // namespace replsim
