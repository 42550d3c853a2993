// Assigns numbers to texts, from 0 in the order of their first use. Most texts of a history are
// integers, which are looked up as such.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "simulator/history/datum.h"

namespace replsim::history {

class Interner {
 public:
  explicit Interner(std::vector<std::string>* texts) : texts_(texts) {
    for (size_t i = 0; i < texts->size(); ++i) {
      const auto number = static_cast<int32_t>(i);
      if (int64_t integer = 0; IsInteger((*texts)[i], &integer)) {
        integers_[integer] = number;
      } else {
        others_[(*texts)[i]] = number;
      }
    }
  }

  int32_t NumberOf(absl::string_view text) {
    if (int64_t integer = 0; IsInteger(text, &integer)) return NumberOfInteger(integer);
    return NumberOfOther(text);
  }
  int32_t NumberOfInteger(int64_t integer) {
    const auto [it, fresh] = integers_.try_emplace(integer, static_cast<int32_t>(texts_->size()));
    if (fresh) texts_->push_back(absl::StrCat(integer));
    return it->second;
  }
  // The number of Datum::ToText(). Only the text of an integer looks like one.
  int32_t NumberOf(const Datum& datum) {
    if (datum.kind() == Datum::Kind::kInteger) return NumberOfInteger(datum.integer());
    scratch_.clear();
    datum.AppendTo(&scratch_);
    return NumberOfOther(scratch_);
  }
  // Whether the text has a number.
  bool Has(absl::string_view text) const {
    int64_t integer = 0;
    return IsInteger(text, &integer) ? integers_.contains(integer) : others_.contains(text);
  }

 private:
  int32_t NumberOfOther(absl::string_view text) {
    const auto it = others_.find(text);
    if (it != others_.end()) return it->second;
    texts_->emplace_back(text);
    return others_[text] = static_cast<int32_t>(texts_->size() - 1);
  }
  // Whether the text is how an integer is written: not +1 or 01.
  static bool IsInteger(absl::string_view text, int64_t* integer) {
    return absl::SimpleAtoi(text, integer) && absl::StrCat(*integer) == text;
  }

  std::vector<std::string>* const texts_;
  absl::flat_hash_map<int64_t, int32_t> integers_;
  absl::flat_hash_map<std::string, int32_t> others_;  // texts that are not integers
  std::string scratch_;
};

}  // namespace replsim::history
