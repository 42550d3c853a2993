// A protobuf message as JSON: protobuf's mapping (https://protobuf.dev/programming-guides/json)
// with the field names of the .proto file. One difference: 64-bit integers are numbers, not
// strings, so that jq and other tools can calculate with them. protobuf's parser reads both.
#pragma once

#include <google/protobuf/message.h>

#include "common/base/json.h"

namespace replsim {

// Whether the field is always in the JSON: a number or boolean that is not `optional`. Unlike
// protobuf, this mapping writes such a field even if it is 0 or false.
bool IsAlwaysKnown(const google::protobuf::FieldDescriptor& field);

// Fields are in the order of their declaration. Unset fields, and numbers that JSON cannot
// represent, are absent. The message must not contain maps or bytes.
Json MessageJson(const google::protobuf::Message& message);

}  // namespace replsim
