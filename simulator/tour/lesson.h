// The lessons of `replsim tour`: each asks for a prediction, runs a shipped scenario, and explains
// what its numbers show. lessons.txt has the texts; this file gives its form.
//
//   # TITLE
//   scenario: NAME           a file of scenarios/
//   claims:                  conditions as in a scenario's `expect`, one per line; every run of the
//     - {variant: …, …}      lesson checks them
//   ## Predict               text
//   ## Look                  text with numbers of the run: {VARIANT: METRIC}
//   ## Why                   text, also with numbers
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protos/report.pb.h"

namespace replsim {

struct Lesson {
  std::string title;
  std::string scenario;
  std::vector<std::string> claims;
  std::string predict;  // each text: one line per paragraph
  std::string look;
  std::string why;
};

// InvalidArgument, with the line, for a text of another form.
absl::StatusOr<std::vector<Lesson>> ParseLessons(absl::string_view text);
// Those of lessons.txt.
const std::vector<Lesson>& Lessons();

// Replaces each {VARIANT: METRIC} by the value that the report has, as its table shows it.
// InvalidArgument for a variant or a metric that does not exist, or is unknown in the run.
absl::StatusOr<std::string> WithNumbers(absl::string_view text, const proto::Report& report);

}  // namespace replsim
