#include "simulator/history/row_fields.h"

#include <cmath>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"

namespace replsim::history {
namespace {

// Times are closer to 0 than this, so that differences of two, and a clock error added to one, do
// not overflow. Nanoseconds since 1970 reach it in the year 2116.
constexpr int64_t kTimesEnd = int64_t{1} << 62;

}  // namespace

bool RowFields::IsOfClient() const {
  if (process == nullptr) return true;
  switch (process->kind()) {
    case Datum::Kind::kInteger:
    case Datum::Kind::kNumber:
      return true;
    case Datum::Kind::kString:
      return !process->Is("nemesis");
    default:
      return false;
  }
}

RowFields FieldsOf(absl::Span<const Datum> items) {
  RowFields fields;
  for (size_t i = 0; i + 1 < items.size(); i += 2) {
    const absl::string_view key = items[i].name();
    const Datum* const value = &items[i + 1];
    if (key == "process") {
      fields.process = value;
    } else if (key == "type") {
      fields.type = value;
    } else if (key == "f") {
      fields.f = value;
    } else if (key == "value") {
      fields.value = value;
    } else if (key == "key") {
      fields.key = value;
    } else if (key == "time" && !value->IsNil()) {
      fields.time = value;
    }
  }
  return fields;
}

bool ReadTime(const Datum& datum, int64_t* time) {
  if (datum.kind() == Datum::Kind::kInteger) {
    *time = datum.integer();
    return *time > -kTimesEnd && *time < kTimesEnd;
  }
  double number = 0;
  if (datum.kind() != Datum::Kind::kNumber || !absl::SimpleAtod(datum.text(), &number)) {
    return false;
  }
  // JSON may write a whole number as 1e9 or 5.0. Above this bound, doubles are not exact.
  constexpr double kExact = 1LL << 53;
  if (!(std::fabs(number) <= kExact) || number != std::floor(number)) return false;
  *time = static_cast<int64_t>(number);
  return true;
}

}  // namespace replsim::history
