#include "simulator/calibrate/fit_text.h"

#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "simulator/scenario/text_table.h"
#include "simulator/scenario/write_yaml.h"

namespace replsim {
namespace {

std::string Micros(int64_t ns) {
  const double us = static_cast<double>(ns) / 1e3;
  if (us < 10) return absl::StrFormat("%.1f us", us);
  return us < 10'000 ? absl::StrFormat("%.0f us", us) : absl::StrFormat("%.1f ms", us / 1e3);
}

}  // namespace

std::string MachineYaml(const MachineFit& fit, const std::string& run) {
  proto::Scenario only;
  *only.mutable_machine() = fit.machine;
  return absl::StrCat("# Fitted by `replsim calibrate ", run, "`.\n", WriteYaml(only));
}

std::string FitTable(const MachineFit& fit) {
  std::vector<std::vector<std::string>> rows = {
      {"part", "samples", "held", "p10", "p50", "p90", "p99", "longest", "default"}};
  for (const FittedPart& part : fit.parts) {
    const MeasuredDelay& measured = part.measured;
    std::vector<std::string> row = {part.name, absl::StrCat(measured.samples()),
                                    absl::StrCat(measured.held())};
    for (const double at : {0.1, 0.5, 0.9, 0.99, 1.0}) {
      row.push_back(part.unfitted.empty() ? Micros(measured.Quantile(at)) : "-");
    }
    row.push_back(part.unfitted.empty() ? part.otherwise
                                        : absl::StrCat(part.otherwise, ", kept: ", part.unfitted));
    rows.push_back(std::move(row));
  }
  return absl::StrCat(TextTable(rows, ""),
                      "wake, write and work are medians. held: messages that arrived together with "
                      "the\nprevious one, so their own delay is at most the measured one.\n");
}

}  // namespace replsim
