// Builds a page in Prometheus' text format, version 0.0.4: families of samples, each introduced
// once by what it is (HELP) and its kind (TYPE).
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

  // `common` are on every sample, before its own.
  explicit PrometheusText(const Labels& common);

  // The samples from here on are of this family; each family once in a page. A name is letters,
  // digits and '_', with its unit at the end; a counter's ends in _total.
  void Family(absl::string_view name, Kind kind, absl::string_view help);
  void Add(double value, const Labels& labels = {});

  // All samples of a histogram family: one bucket for each upper bound, counting what is at or
  // below it (`cumulative`, as many as bounds), then all there were.
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
