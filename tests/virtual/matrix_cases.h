// The outcome matrix: what may happen to a cluster of three, what may be seen of it, and in which
// modes. After the matrix and the anomalies A1 … A36 of the project's reference on replication;
// docs/modes.md says where it and the simulator differ, and why.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "tests/virtual/matrix_evidence.h"

namespace replsim {

// The columns.
const std::vector<std::string>& MatrixPresets();

struct MatrixRow {
  const char* anomalies;  // of the reference; may be empty
  const char* seen;
  Observer observe;
  // One letter per column: Y it can happen, d it can happen to unprotected answers alone, - it
  // cannot.
  const char* expected;
};

// One scenario, and everything that is looked for in its runs.
struct MatrixCase {
  const char* name;               // of its test
  const char* happens;            // for people
  const char* scenario;           // network and faults; the rest is kMatrixScenario
  std::vector<std::string> sets;  // what of that is another, as behind --set
  std::vector<MatrixRow> rows;

  friend void PrintTo(const MatrixCase& one, std::ostream* out) { *out << one.name; }
};
const std::vector<MatrixCase>& MatrixCases();

extern const char kMatrixScenario[];

}  // namespace replsim
