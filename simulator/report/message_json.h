// A message as JSON: protobuf's mapping (https://protobuf.dev/programming-guides/json) with the
// field names of the .proto file, except that 64-bit integers are numbers, not strings, so that jq
// and others can calculate with them. protobuf's parser reads both.
#pragma once

#include <google/protobuf/message.h>

#include "common/base/json.h"

namespace replsim {

// Whether the field is in the JSON of every message: a number or a truth value that is not
// `optional`. Unlike protobuf, this mapping writes it also if it is 0 or false.
bool IsAlwaysKnown(const google::protobuf::FieldDescriptor& field);

// Fields are in the order of their declaration. Absent: what is not set, and numbers that JSON
// cannot represent. The message must not contain maps or bytes.
Json MessageJson(const google::protobuf::Message& message);

}  // namespace replsim
