// The outcome matrix: what may happen to a cluster of three nodes, what may be observed, and in
// which modes. It follows the anomalies A1 … A36 of the project's reference on replication.
// docs/modes.md explains where the simulator differs from it.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "tests/virtual/matrix_evidence.h"

namespace replsim {

// The presets, which are the columns.
const std::vector<std::string>& MatrixPresets();

struct MatrixRow {
  const char* anomalies;  // numbers in the reference; may be empty
  const char* seen;
  Observer observe;
  // One letter per column. Y: it can happen. d: it can happen to unprotected answers only. -: it
  // cannot happen.
  const char* expected;
};

// One scenario, and the observations to look for in its runs.
struct MatrixCase {
  const char* name;               // name of its test
  const char* happens;            // description
  const char* scenario;           // network and faults; the rest is kMatrixScenario
  std::vector<std::string> sets;  // overrides, as behind --set
  std::vector<MatrixRow> rows;

  friend void PrintTo(const MatrixCase& one, std::ostream* out) { *out << one.name; }
};
const std::vector<MatrixCase>& MatrixCases();

extern const char kMatrixScenario[];

}  // namespace replsim
