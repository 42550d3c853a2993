#include "simulator/report/message_json.h"

#include <cmath>
#include <string>

#include "common/base/check.h"

namespace replsim {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// The value of a field that is not repeated.
Json SingleJson(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return MessageJson(reflection.GetMessage(message, &field));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetString(message, &field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.GetEnum(message, &field)->name();
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, &field);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.GetDouble(message, &field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.GetUInt32(message, &field);
    case FieldDescriptor::CPPTYPE_UINT64:
      return reflection.GetUInt64(message, &field);
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.GetInt64(message, &field);
    default:
      REPL_CHECK(false, "no JSON for the type of " + field.full_name());
  }
}

Json ItemJson(const Message& message, const FieldDescriptor& field, int i) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return MessageJson(reflection.GetRepeatedMessage(message, &field, i));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetRepeatedString(message, &field, i);
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.GetRepeatedInt64(message, &field, i);
    default:
      REPL_CHECK(false, "no JSON for the type of " + field.full_name());
  }
}

bool IsSet(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  if (field.is_repeated()) return reflection.FieldSize(message, &field) > 0;
  if (IsAlwaysKnown(field)) return true;
  return reflection.HasField(message, &field) &&
         (field.cpp_type() != FieldDescriptor::CPPTYPE_DOUBLE ||
          std::isfinite(reflection.GetDouble(message, &field)));
}

}  // namespace

bool IsAlwaysKnown(const FieldDescriptor& field) {
  return !field.has_presence() && !field.is_repeated() &&
         field.cpp_type() != FieldDescriptor::CPPTYPE_STRING &&
         field.cpp_type() != FieldDescriptor::CPPTYPE_ENUM;
}

Json MessageJson(const Message& message) {
  Json object = Json::Object();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    if (!IsSet(message, field)) continue;
    if (!field.is_repeated()) {
      object.Set(field.name(), SingleJson(message, field));
      continue;
    }
    Json items = Json::Array();
    for (int k = 0; k < message.GetReflection()->FieldSize(message, &field); ++k) {
      items.Add(ItemJson(message, field, k));
    }
    object.Set(field.name(), std::move(items));
  }
  return object;
}

}  // namespace replsim
