// The fields of one row of a Jepsen history, which is a map of EDN or JSON.
#pragma once

#include <cstdint>

#include "absl/types/span.h"
#include "simulator/history/datum.h"

namespace replsim::history {

// The values of a row's keys. A key that the row does not have is null.
struct RowFields {
  const Datum* process = nullptr;
  const Datum* type = nullptr;
  const Datum* f = nullptr;
  const Datum* value = nullptr;
  const Datum* key = nullptr;
  const Datum* time = nullptr;

  // In Jepsen, clients have numbers and :nemesis has not. Other tools name their clients.
  bool IsOfClient() const;
};

// The fields of the map with these items, which must outlive them.
RowFields FieldsOf(absl::Span<const Datum> items);

// Reads a time in nanoseconds. False if it is not a whole number, or not closer to 0 than 2^62.
bool ReadTime(const Datum& datum, int64_t* time);

}  // namespace replsim::history
