// How a scenario spells the values of an enum: the value's name in lower case with dashes, but for
// the few whose natural word is taken in the package.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <google/protobuf/descriptor.h>

#include "absl/strings/string_view.h"

namespace replsim {

std::string WordOf(const google::protobuf::EnumValueDescriptor& value);
// All but the unspecified one, in the order of the schema.
std::vector<std::string> WordsOf(const google::protobuf::EnumDescriptor& type);
// The value's number.
std::optional<int> ParseEnum(const google::protobuf::EnumDescriptor& type, absl::string_view word);

}  // namespace replsim
