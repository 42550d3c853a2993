// The spelling of enum values in a scenario: the value's name in lower case with dashes. A few
// values have another word, because their natural name is taken in the proto package. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <google/protobuf/descriptor.h>

#include "absl/strings/string_view.h"

namespace replsim {

// Returns the values that a key accepts, in schema order: all of its enum except the unspecified
// one. send_after accepts only the primary's stages.
std::vector<const google::protobuf::EnumValueDescriptor*> ValuesOf(
    const google::protobuf::FieldDescriptor& field);

std::string WordOf(const google::protobuf::EnumValueDescriptor& value);
std::vector<std::string> WordsOf(const google::protobuf::FieldDescriptor& field);
// Returns the number of the value; nothing if there is no such word.
std::optional<int> ParseEnum(const google::protobuf::EnumDescriptor& type, absl::string_view word);

}  // namespace replsim
