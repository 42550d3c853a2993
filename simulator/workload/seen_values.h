// What one client knows of the values of keys: the value that it read or wrote last. A
// compare-and-set expects that value.
#pragma once

#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "simulator/recording/history.h"

namespace replsim {

class SeenValues {
 public:
  // `operation` was committed.
  void Learn(const Operation& operation) {
    if (operation.is_write == 0) {
      if (const auto seen = operation.value()) values_[operation.key] = *seen;
    } else if (operation.no_effect != 0) {
      return;
    } else if (operation.kind == OperationKind::kDelete) {
      values_[operation.key] = WrittenValue();
    } else {
      values_[operation.key] = {operation.client, operation.sequence};
    }
  }
  // Sets the expected value of a compare-and-set. A client that has not seen the key expects that
  // it does not exist.
  void SetExpected(Operation* cas) const {
    const auto it = values_.find(cas->key);
    const WrittenValue expected = it == values_.end() ? WrittenValue() : it->second;
    cas->has_value = 1;
    cas->value_client = expected.client;
    cas->value_sequence = expected.sequence;
  }

 private:
  absl::flat_hash_map<uint32_t, WrittenValue> values_;  // never iterated
};

}  // namespace replsim
