#include "common/server/metrics/prometheus_text.h"

#include <charconv>
#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/base/check.h"

namespace replsim {
namespace {

std::string EscapeHelp(absl::string_view help) {
  return absl::StrReplaceAll(help, {{"\\", "\\\\"}, {"\n", "\\n"}});
}

std::string Join(const PrometheusText::Labels& labels) {
  return absl::StrJoin(labels, ",", [](std::string* out, const auto& label) {
    absl::StrAppend(
        out, label.first, "=\"",
        absl::StrReplaceAll(label.second, {{"\\", "\\\\"}, {"\n", "\\n"}, {"\"", "\\\""}}), "\"");
  });
}

const char* KindName(PrometheusText::Kind kind) {
  switch (kind) {
    case PrometheusText::Kind::kGauge:
      return "gauge";
    case PrometheusText::Kind::kCounter:
      return "counter";
    case PrometheusText::Kind::kHistogram:
      return "histogram";
  }
  return "";
}

// All digits; whole numbers without an exponent, so that an LSN above a million is not 1e+06.
std::string Number(double value) {
  constexpr double kWholeMax = 9007199254740992.0;  // 2^53
  if (value >= 0 && value < kWholeMax && value == std::floor(value)) {
    return absl::StrCat(static_cast<uint64_t>(value));
  }
  char digits[32];
  const auto [end, error] = std::to_chars(digits, digits + sizeof(digits), value);
  REPL_CHECK(error == std::errc());
  return std::string(digits, end);
}

}  // namespace

PrometheusText::PrometheusText(const Labels& common) : common_(Join(common)) {}

void PrometheusText::Family(absl::string_view name, Kind kind, absl::string_view help) {
  REPL_CHECK(families_.insert(std::string(name)).second, name, " twice");
  REPL_CHECK(absl::EndsWith(name, "_total") == (kind == Kind::kCounter), name);
  family_ = std::string(name);
  absl::StrAppend(&text_, "# HELP ", name, " ", EscapeHelp(help), "\n# TYPE ", name, " ",
                  KindName(kind), "\n");
}

void PrometheusText::Add(double value, const Labels& labels) { Sample("", value, labels); }

void PrometheusText::AddHistogram(const std::vector<double>& upper_bounds,
                                  const std::vector<uint64_t>& cumulative, uint64_t count,
                                  double sum) {
  REPL_CHECK(upper_bounds.size() == cumulative.size(), family_);
  for (size_t i = 0; i < upper_bounds.size(); ++i) {
    Sample("_bucket", static_cast<double>(cumulative[i]), {{"le", Number(upper_bounds[i])}});
  }
  Sample("_bucket", static_cast<double>(count), {{"le", "+Inf"}});
  Sample("_sum", sum, {});
  Sample("_count", static_cast<double>(count), {});
}

void PrometheusText::Sample(absl::string_view suffix, double value, const Labels& labels) {
  const std::string own = Join(labels);
  const char* comma = common_.empty() || own.empty() ? "" : ",";
  absl::StrAppend(&text_, family_, suffix);
  if (!common_.empty() || !own.empty()) absl::StrAppend(&text_, "{", common_, comma, own, "}");
  absl::StrAppend(&text_, " ", Number(value), "\n");
}

}  // namespace replsim
