// The lessons as text for a terminal, and as a page of the documentation. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "protos/report.pb.h"
#include "simulator/tour/lesson.h"

namespace replsim {

// The lessons, one per line with its number, and the stages of a write.
std::string TourContents(size_t width);

// Title, question and command of lesson `number`, from 1. `folder` is that of the scenario files.
std::string PredictText(int number, const std::string& folder, size_t width);
// What the run showed, whether the lesson's claims held, and why. The report is that of the
// lesson's scenario, with the claims as expectations.
absl::StatusOr<std::string> ResultText(int number, const proto::Report& report, size_t width);

// docs/tour.md: all lessons. `reports` has one per lesson, in order.
absl::StatusOr<std::string> TourMarkdown(const std::vector<proto::Report>& reports);

}  // namespace replsim
