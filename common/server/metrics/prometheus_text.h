// Builds a page in Prometheus' text format, version 0.0.4: families of samples, each introduced
// once by its description (HELP) and its kind (TYPE).
// https://prometheus.io/docs/instrumenting/exposition_formats/
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim {

inline constexpr char kPrometheusContentType[] = "text/plain; version=0.0.4; charset=utf-8";

class PrometheusText {
 public:
  using Labels = std::vector<std::pair<absl::string_view, absl::string_view>>;
  enum class Kind { kGauge, kCounter, kHistogram };

  // `common`: labels that every sample has, before its own.
  explicit PrometheusText(const Labels& common);

  // Begins a family; the samples that follow belong to it. A family may begin once per page. A name
  // consists of letters, digits and '_', and ends with its unit; the name of a counter ends with
  // _total.
  void Family(absl::string_view name, Kind kind, absl::string_view help);
  void Add(double value, const Labels& labels = {});

  // Adds all samples of a histogram family. `cumulative` has one entry for each upper bound: the
  // number of values at or below it. `count` and `sum` are of all values.
  void AddHistogram(const std::vector<double>& upper_bounds,
                    const std::vector<uint64_t>& cumulative, uint64_t count, double sum);

  const std::string& text() const { return text_; }

 private:
  void Sample(absl::string_view suffix, double value, const Labels& labels);

  std::string common_;
  std::string family_;
  std::set<std::string> families_;
  std::string text_;
};

}  // namespace replsim
