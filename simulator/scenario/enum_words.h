// How a scenario spells the values of an enum: the value's name in lower case with dashes, but for
// the few whose natural word is taken in the package.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <google/protobuf/descriptor.h>

#include "absl/strings/string_view.h"

namespace replsim {

// The values that a key accepts, in the order of the schema: all of its enum but the unspecified
// one. send_after takes the stages of the primary alone.
std::vector<const google::protobuf::EnumValueDescriptor*> ValuesOf(
    const google::protobuf::FieldDescriptor& field);

std::string WordOf(const google::protobuf::EnumValueDescriptor& value);
std::vector<std::string> WordsOf(const google::protobuf::FieldDescriptor& field);
// The value's number.
std::optional<int> ParseEnum(const google::protobuf::EnumDescriptor& type, absl::string_view word);

}  // namespace replsim
