#include "simulator/metrics/comparison.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status.h"

namespace replsim {
namespace {

struct Operator {
  const char* text;
  Comparison::Kind kind;
};
// Longer operators come before their prefixes.
constexpr Operator kOperators[] = {
    {"==", Comparison::Kind::kEqual},  {"!=", Comparison::Kind::kNotEqual},
    {"<=", Comparison::Kind::kAtMost}, {">=", Comparison::Kind::kAtLeast},
    {"<", Comparison::Kind::kLess},    {">", Comparison::Kind::kMore}};

absl::Status Refused(absl::string_view read, absl::string_view why) {
  constexpr size_t kLongest = 60;
  return absl::InvalidArgumentError(absl::StrCat(
      "read '", read.substr(0, kLongest), "', ", why,
      "; expected a comparison such as \"== 0\", \"> 0\", \"<= 10ms\" or \"> 2 * sync\""));
}

// Whether the operand cannot be a variant's name: a number that could not be parsed, or another
// operator.
bool LooksLikeNoName(absl::string_view operand) {
  return absl::ascii_isdigit(static_cast<unsigned char>(operand[0])) ||
         absl::StrContains(".,+-=<>!", operand.substr(0, 1));
}

}  // namespace

bool Comparison::Holds(double measured, double bound, double slack) const {
  switch (kind) {
    case Kind::kEqual:
      return measured == bound || std::fabs(measured - bound) <= slack;
    case Kind::kNotEqual:
      return measured != bound || slack > 0;
    case Kind::kLess:
      return measured - slack < bound;
    case Kind::kAtMost:
      return measured - slack <= bound;
    case Kind::kMore:
      return measured + slack > bound;
    case Kind::kAtLeast:
      return measured + slack >= bound;
  }
  return false;
}

absl::StatusOr<Comparison> ParseComparison(absl::string_view text, MetricUnit unit) {
  absl::string_view operand = absl::StripAsciiWhitespace(text);
  const auto* op =
      std::find_if(std::begin(kOperators), std::end(kOperators),
                   [&](const Operator& o) { return absl::ConsumePrefix(&operand, o.text); });
  if (op == std::end(kOperators)) {
    return Refused(text, "which does not begin with one of == != < <= > >=");
  }
  Comparison comparison;
  comparison.kind = op->kind;
  operand = absl::StripAsciiWhitespace(operand);
  if (operand.empty()) return Refused(text, "which has nothing to compare with");
  if (const size_t star = operand.find('*'); star != absl::string_view::npos) {
    const std::optional<Quantity> factor = ReadQuantity(operand.substr(0, star));
    const absl::string_view variant = absl::StripAsciiWhitespace(operand.substr(star + 1));
    if (!factor || !factor->unit.empty() || variant.empty()) {
      return Refused(text, "but a multiple is written NUMBER * VARIANT");
    }
    comparison.number = factor->number;
    comparison.variant = std::string(variant);
    return comparison;
  }
  if (const std::optional<Quantity> quantity = ReadQuantity(operand)) {
    REPL_ASSIGN_OR_RETURN(comparison.number, InUnit(*quantity, unit));
    return comparison;
  }
  if (const std::optional<double> answer = ReadYesNo(operand, unit)) {
    comparison.number = *answer;
    return comparison;
  }
  if (LooksLikeNoName(operand)) {
    return Refused(text,
                   "whose number or unit is unknown, or whose number is above 1000000000000000");
  }
  comparison.number = 1;
  comparison.variant = std::string(operand);
  return comparison;
}

}  // namespace replsim
