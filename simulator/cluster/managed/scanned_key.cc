#include "simulator/cluster/managed/scanned_key.h"

#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

namespace replsim {

std::optional<uint32_t> NumberOfKey(absl::string_view key) {
  uint32_t number = 0;
  if (!absl::ConsumePrefix(&key, "k") || !absl::SimpleAtoi(key, &number)) return std::nullopt;
  return number;
}

}  // namespace replsim
