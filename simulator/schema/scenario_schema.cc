#include <google/protobuf/descriptor.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/protocol/failpoint_names.h"
#include "protos/scenario.pb.h"
#include "simulator/scenario/election_presets.h"
#include "simulator/scenario/enum_words.h"
#include "simulator/scenario/node_set.h"
#include "simulator/scenario/presets.h"
#include "simulator/scenario/units.h"
#include "simulator/schema/expect_schema.h"
#include "simulator/schema/json_schema.h"
#include "simulator/schema/proto_comments.h"

namespace replsim {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr char kNumber[] = R"([0-9]+(\.[0-9]+)?)";

// A text; YAML reads a name such as 2024 as a number.
Json Word() { return Json::Object().Set("type", Json::Array().Add("string").Add("number")); }

Json OneOrList(const Json& item) {
  Json list = Json::Object();
  list.Set("type", "array").Set("items", item);
  return Json::Object().Set("anyOf", Json::Array().Add(item).Add(std::move(list)));
}

Json MapOf(Json value) {
  return Json::Object().Set("type", "object").Set("additionalProperties", std::move(value));
}

Json EnumOf(const std::vector<std::string>& words) {
  Json values = Json::Array();
  for (const std::string& word : words) values.Add(word);
  return Json::Object().Set("enum", std::move(values));
}

// The words of an enum. Editors show the descriptions; validators ignore them.
Json EnumOf(const FieldDescriptor& field) {
  Json schema = EnumOf(WordsOf(field));
  Json descriptions = Json::Array();
  bool any = false;
  for (const google::protobuf::EnumValueDescriptor* value : ValuesOf(field)) {
    const std::string comment = ProtoComment(value->full_name());
    any = any || !comment.empty();
    descriptions.Add(comment);
  }
  if (any) schema.Set("enumDescriptions", std::move(descriptions));
  return schema;
}

std::vector<std::string> FailpointWords() {
  std::vector<std::string> words;
  for (const Point point : kAllPoints) {
    words.push_back(absl::StrCat("before-", Name(point)));
    words.push_back(absl::StrCat("after-", Name(point)));
  }
  return words;
}

Json Pattern(const std::string& pattern) {
  return Json::Object().Set("type", "string").Set("pattern", absl::StrCat("^", pattern, "$"));
}

std::string WithUnit(const std::vector<std::string>& units) {
  return absl::StrCat(kNumber, R"(\s*()", absl::StrJoin(units, "|"), ")");
}

Json SizeType() {
  return Json::Object()
      .Set("type", Json::Array().Add("integer").Add("string"))
      .Set("minimum", 0)
      .Set("pattern", absl::StrCat("^", WithUnit(SizeUnits()), "?$"));
}

Json Ref(const char* definition) {
  return Json::Object().Set("$ref", absl::StrCat("#/definitions/", definition));
}

Json TypeOf(const FieldDescriptor& field);

Json ObjectOf(const Descriptor& type) {
  Json properties = Json::Object();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    std::string comment = ProtoComment(field.full_name());
    if (comment.empty() && field.message_type() != nullptr) {
      comment = ProtoComment(field.message_type()->full_name());
    }
    Json schema = TypeOf(field);
    if (!comment.empty()) schema.Set("description", comment);
    properties.Set(field.name(), std::move(schema));
  }
  return Json::Object()
      .Set("type", "object")
      .Set("properties", std::move(properties))
      .Set("additionalProperties", false);
}

Json NodesType() {
  Json node = Json::Object();
  node.Set("type", "object")
      .Set("properties",
           Json::Object().Set("durability", ObjectOf(*proto::Durability::descriptor())))
      .Set("additionalProperties", false);
  return MapOf(std::move(node));
}

// PATH: one value or several, of any form.
Json VaryType() {
  Json several = Json::Object().Set("type", "array").Set("minItems", 1);
  Json one = Json::Object().Set("type", Json::Array().Add("string").Add("number").Add("boolean"));
  return MapOf(
      Json::Object().Set("anyOf", Json::Array().Add(std::move(several)).Add(std::move(one))));
}

// The forms that the YAML reader accepts for a message: its short spelling, or a map of its fields.
Json MessageType(const FieldDescriptor& field) {
  const Descriptor* const type = field.message_type();
  if (type == proto::Duration::descriptor()) {
    return Ref(field.name() == "offset" ? "offset" : "duration");
  }
  if (type == proto::Size::descriptor()) return Ref("size");
  if (type == proto::Rate::descriptor()) return Ref("rate");
  if (type == proto::Bandwidth::descriptor()) return Ref("bandwidth");
  if (IsNodeSet(field)) return Pattern(R"((majority|all|any\s+[0-9]+))");
  if (type == proto::SyncSetSpec::descriptor()) return Ref("sync_set");
  if (type == proto::Delay::descriptor()) return Ref("delay");
  if (type == proto::Group::descriptor()) return MapOf(OneOrList(Word()));
  if (type == proto::NodeSpec::descriptor()) return NodesType();
  if (type == proto::Setting::descriptor()) {
    return MapOf(
        Json::Object().Set("type", Json::Array().Add("string").Add("number").Add("boolean")));
  }
  if (type == proto::Vary::descriptor()) return VaryType();
  if (type == proto::Expect::descriptor()) return ExpectSchema();
  if (type == proto::ReadFrom::descriptor()) {
    Json list = Json::Object();
    list.Set("type", "array").Set("items", Word()).Set("minItems", 1);
    return Json::Object().Set("anyOf",
                              Json::Array().Add(Word()).Add(std::move(list)).Add(ObjectOf(*type)));
  }
  return ObjectOf(*type);
}

Json ScalarType(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumOf(field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return Json::Object().Set("enum", Json::Array().Add(true).Add(false).Add("on").Add("off"));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return Json::Object().Set("type", "number");
    case FieldDescriptor::CPPTYPE_UINT32:
      return Json::Object()
          .Set("type", "integer")
          .Set("minimum", 0)
          .Set("maximum", std::numeric_limits<uint32_t>::max());
    case FieldDescriptor::CPPTYPE_UINT64:
      return Json::Object()
          .Set("type", "integer")
          .Set("minimum", 0)
          .Set("maximum", std::numeric_limits<uint64_t>::max());
    default:
      return Word();
  }
}

Json TypeOf(const FieldDescriptor& field) {
  if (field.full_name() == "replsim.proto.ReplicationSpec.preset") return EnumOf(PresetNames());
  if (field.full_name() == "replsim.proto.Failover.preset") return EnumOf(ElectionPresetNames());
  if (field.full_name() == "replsim.proto.When.point") return EnumOf(FailpointWords());
  if (field.message_type() == nullptr) {
    return field.is_repeated() ? OneOrList(Word()) : ScalarType(field);
  }
  const bool is_map = field.message_type() == proto::Group::descriptor() ||
                      field.message_type() == proto::NodeSpec::descriptor() ||
                      field.message_type() == proto::Setting::descriptor() ||
                      field.message_type() == proto::Vary::descriptor();
  if (!field.is_repeated() || is_map) return MessageType(field);
  return Json::Object().Set("type", "array").Set("items", MessageType(field));
}

Json Described(Json schema, const char* message) {
  const std::string comment = ProtoComment(message);
  if (!comment.empty()) schema.Set("description", comment);
  return schema;
}

Json Definitions() {
  Json delay = Json::Object();
  delay.Set("anyOf", Json::Array().Add(Ref("duration")).Add(ObjectOf(*proto::Delay::descriptor())));
  return Json::Object()
      .Set("duration", Described(Pattern(WithUnit(DurationUnits())), "Duration"))
      .Set("offset", Described(Pattern("-?" + WithUnit(DurationUnits())), "Duration"))
      .Set("size", Described(SizeType(), "Size"))
      .Set("rate", Described(Pattern(absl::StrCat(kNumber, R"(\s*/s)")), "Rate"))
      .Set("bandwidth", Described(Pattern(WithUnit(BandwidthUnits())), "Bandwidth"))
      .Set("sync_set",
           Described(Pattern(R"((majority|all|in-sync|any\s+[0-9]+|first\s+[0-9]+(\s*\[.+\])?))"),
                     "SyncSetSpec"))
      .Set("delay", Described(std::move(delay), "Delay"));
}

}  // namespace

Json ScenarioSchema() {
  // A required key may also come from the file's `vary`.
  const auto needs = [](const char* key) {
    const auto required = [](const char* name) {
      return Json::Object().Set("required", Json::Array().Add(name));
    };
    return Json::Object().Set("anyOf", Json::Array().Add(required(key)).Add(required("vary")));
  };
  Json scenario = ObjectOf(*proto::Scenario::descriptor());
  scenario.Set("allOf", Json::Array().Add(needs("duration")).Add(needs("workload")));
  Json definitions = Definitions();
  definitions.Set("scenario", std::move(scenario));
  Json schema = Json::Object();
  schema.Set("$schema", kJsonSchemaDialect)
      .Set("title", "A scenario of replsim")
      .Set("$ref", "#/definitions/scenario")
      .Set("definitions", std::move(definitions));
  return schema;
}

}  // namespace replsim
