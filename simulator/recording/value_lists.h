// Values that appends have made: lists of written values, such as c1-1;c4-3. A list is recorded as
// the list before its last element, and that element, so that a value that grows costs one record
// per append. The file `values` of a run folder holds all lists that reads saw. It exists only if
// a workload appends.
//
// File format: 8 bytes "RSVALUE1", then records of 16 bytes, little-endian. The n-th record is list
// n, counted from 1.
#pragma once

#include <cstdint>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "simulator/recording/written_value.h"

namespace replsim {

struct ListedValue {
  uint32_t before = 0;  // a lower list number; 0: this is the first element
  uint32_t client = 0;  // of the last element; 0: nothing, if the first append found no value
  uint64_t sequence = 0;
};
static_assert(sizeof(ListedValue) == 16);

// The elements of list `number`; empty if there is no such list.
std::vector<WrittenValue> ElementsOf(const std::vector<ListedValue>& lists, uint32_t number);

// Numbers lists in the order of their first use.
class ValueLists {
 public:
  using NewList = std::function<void(const ListedValue&)>;

  // Calls `added` for every list that is new, in the order of the numbers.
  uint32_t NumberOf(const std::vector<WrittenValue>& elements, const NewList& added);

 private:
  using Key = std::pair<uint32_t, std::pair<uint32_t, uint64_t>>;  // before, client, sequence
  absl::flat_hash_map<Key, uint32_t> numbers_;
};

class ValueListWriter {
 public:
  explicit ValueListWriter(std::string path) : path_(std::move(path)) {}
  // Creates the file at the first call. Each list is written to the kernel when Add returns.
  absl::Status Add(const ListedValue& list);

 private:
  std::string path_;
  std::ofstream file_;
};

// Empty if the file does not exist. An incomplete last record is ignored.
absl::StatusOr<std::vector<ListedValue>> ReadValueLists(const std::string& path);

}  // namespace replsim
