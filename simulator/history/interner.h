// Assigns numbers to texts, from 0 in the order of their first use.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace replsim::history {

class Interner {
 public:
  explicit Interner(std::vector<std::string>* texts) : texts_(texts) {
    for (size_t i = 0; i < texts->size(); ++i) numbers_[(*texts)[i]] = static_cast<int32_t>(i);
  }

  int32_t NumberOf(absl::string_view text) {
    const auto it = numbers_.find(text);
    if (it != numbers_.end()) return it->second;
    const auto number = static_cast<int32_t>(texts_->size());
    texts_->emplace_back(text);
    numbers_.emplace(text, number);
    return number;
  }

 private:
  std::vector<std::string>* const texts_;
  absl::flat_hash_map<std::string, int32_t> numbers_;
};

}  // namespace replsim::history
