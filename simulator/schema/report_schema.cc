#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "protos/report.pb.h"
#include "simulator/report/message_json.h"
#include "simulator/schema/json_schema.h"
#include "simulator/schema/proto_comments.h"

namespace replsim {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

// "RunReport.Lag".
std::string ShortName(const Descriptor& type) {
  absl::string_view name = type.full_name();
  absl::ConsumePrefix(&name, "replsim.proto.");
  return std::string(name);
}

Json NamesOf(const EnumDescriptor& type) {
  Json names = Json::Array();
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) names.Add(type.value(i)->name());
  }
  return names;
}

// Adds the constraints of the field's value, or of each item if the field is a list.
void AddType(const FieldDescriptor& field, Json* schema) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      schema->Set("$ref", absl::StrCat("#/definitions/", ShortName(*field.message_type())));
      return;
    case FieldDescriptor::CPPTYPE_STRING:
      schema->Set("type", "string");
      return;
    case FieldDescriptor::CPPTYPE_ENUM:
      schema->Set("enum", NamesOf(*field.enum_type()));
      return;
    case FieldDescriptor::CPPTYPE_BOOL:
      schema->Set("type", "boolean");
      return;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      schema->Set("type", "number");
      return;
    case FieldDescriptor::CPPTYPE_INT64:
      schema->Set("type", "integer");
      return;
    default:
      schema->Set("type", "integer").Set("minimum", 0);
  }
}

Json SchemaOf(const FieldDescriptor& field) {
  Json schema = Json::Object();
  const std::string comment = ProtoComment(field.full_name());
  if (!comment.empty()) schema.Set("description", comment);
  if (!field.is_repeated()) {
    AddType(field, &schema);
    return schema;
  }
  Json item = Json::Object();
  AddType(field, &item);
  schema.Set("type", "array").Set("items", std::move(item));
  return schema;
}

Json SchemaOf(const Descriptor& type) {
  Json schema = Json::Object();
  const std::string comment = ProtoComment(type.full_name());
  if (!comment.empty()) schema.Set("description", comment);
  Json properties = Json::Object();
  Json required = Json::Array();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    properties.Set(field.name(), SchemaOf(field));
    if (IsAlwaysKnown(field)) required.Add(field.name());
  }
  schema.Set("type", "object").Set("properties", std::move(properties));
  if (!required.empty()) schema.Set("required", std::move(required));
  return schema;
}

// Collects the messages that `type` contains, directly or indirectly, in the order of their
// occurrence.
void Collect(const Descriptor& type, std::vector<const Descriptor*>* found) {
  for (int i = 0; i < type.field_count(); ++i) {
    const Descriptor* below = type.field(i)->message_type();
    if (below == nullptr || std::count(found->begin(), found->end(), below) > 0) continue;
    found->push_back(below);
    Collect(*below, found);
  }
}

}  // namespace

Json ReportSchema() {
  const Descriptor& report = *proto::Report::descriptor();
  std::vector<const Descriptor*> messages = {&report};
  Collect(report, &messages);
  Json definitions = Json::Object();
  for (const Descriptor* message : messages)
    definitions.Set(ShortName(*message), SchemaOf(*message));
  Json schema = Json::Object();
  schema.Set("$schema", kJsonSchemaDialect)
      .Set("title", "report.json of replsim")
      .Set("$ref", absl::StrCat("#/definitions/", ShortName(report)))
      .Set("definitions", std::move(definitions));
  return schema;
}

}  // namespace replsim
