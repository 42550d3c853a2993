#include "simulator/scenario/write_yaml.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "simulator/scenario/enum_words.h"
#include "simulator/scenario/units.h"
#include "simulator/scenario/yaml_text.h"

namespace replsim {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::vector<const FieldDescriptor*> FieldsOf(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  return fields;
}

template <typename T>
bool Spell(const Message& message, std::string* text) {
  if (message.GetDescriptor() != T::descriptor()) return false;
  *text = ToText(static_cast<const T&>(message));
  return true;
}

bool SpellConstant(const Message& message, std::string* text) {
  if (message.GetDescriptor() != proto::Delay::descriptor()) return false;
  const auto& delay = static_cast<const proto::Delay&>(message);
  if (!delay.has_plus() || FieldsOf(delay).size() > 1) return false;
  *text = ToText(delay.plus());
  return true;
}

bool SpellNode(const Message& message, std::string* text) {
  if (message.GetDescriptor() != proto::ReadFrom::descriptor()) return false;
  const auto& from = static_cast<const proto::ReadFrom&>(message);
  *text = from.node();
  return !from.has_replicas() && from.nodes().empty();
}

// Returns whether the message is a scalar in YAML, and sets `text` to it.
bool IsSpelled(const Message& message, std::string* text) {
  return Spell<proto::Duration>(message, text) || Spell<proto::Size>(message, text) ||
         Spell<proto::Rate>(message, text) || Spell<proto::Bandwidth>(message, text) ||
         Spell<proto::SyncSetSpec>(message, text) || SpellConstant(message, text) ||
         SpellNode(message, text);
}

std::string Scalar(const Message& message, const FieldDescriptor& field, bool in_flow) {
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return QuoteScalar(reflection.GetString(message, &field), in_flow);
    case FieldDescriptor::CPPTYPE_ENUM:
      return WordOf(*reflection.GetEnum(message, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, &field) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(reflection.GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return absl::StrCat(reflection.GetUInt64(message, &field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return ToText(reflection.GetDouble(message, &field));
    default:
      return "";
  }
}

std::string Strings(const std::vector<std::string>& texts) {
  if (texts.size() == 1) return QuoteScalar(texts[0], true);
  return absl::StrCat("[",
                      absl::StrJoin(texts, ", ",
                                    [](std::string* out, const std::string& text) {
                                      out->append(QuoteScalar(text, true));
                                    }),
                      "]");
}

std::vector<std::string> StringsOf(const Message& message, const FieldDescriptor& field) {
  std::vector<std::string> texts;
  for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
    texts.push_back(message.GetReflection()->GetRepeatedString(message, &field, i));
  }
  return texts;
}

std::vector<std::string> ToVector(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

std::string Flow(const Message& message);

std::string FlowOf(const Message& message) {
  std::string text;
  return IsSpelled(message, &text) ? QuoteScalar(text, true) : Flow(message);
}

// Returns what follows the key of a field within {}.
std::string FlowValue(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  const bool holds_messages = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  if (!field.is_repeated()) {
    return holds_messages ? FlowOf(reflection.GetMessage(message, &field))
                          : Scalar(message, field, true);
  }
  if (!holds_messages) return Strings(StringsOf(message, field));
  std::vector<std::string> items;
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    items.push_back(FlowOf(reflection.GetRepeatedMessage(message, &field, i)));
  }
  return absl::StrCat("[", absl::StrJoin(items, ", "), "]");
}

std::string Flow(const Message& message) {
  std::vector<std::string> parts;
  for (const FieldDescriptor* field : FieldsOf(message)) {
    parts.push_back(absl::StrCat(field->name(), ": ", FlowValue(message, *field)));
  }
  return absl::StrCat("{", absl::StrJoin(parts, ", "), "}");
}

std::string Flow(const proto::Expect& expect) {
  std::vector<std::string> parts;
  if (!expect.variant().empty())
    parts.push_back(absl::StrCat("variant: ", Strings(ToVector(expect.variant()))));
  for (const proto::Condition& condition : expect.condition()) {
    parts.push_back(absl::StrCat(QuoteScalar(condition.metric(), true), ": ",
                                 QuoteScalar(condition.test(), true)));
  }
  return absl::StrCat("{", absl::StrJoin(parts, ", "), "}");
}

void WriteRepeated(const Message& message, const FieldDescriptor& field, const std::string& indent,
                   std::string* out) {
  const auto& reflection = *message.GetReflection();
  absl::StrAppend(out, indent, field.name(), ":");
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    absl::StrAppend(out, " ", Strings(StringsOf(message, field)), "\n");
    return;
  }
  absl::StrAppend(out, "\n");
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    const Message& item = reflection.GetRepeatedMessage(message, &field, i);
    if (field.message_type() == proto::Vary::descriptor()) {
      const auto& vary = static_cast<const proto::Vary&>(item);
      absl::StrAppend(out, indent, "  ", QuoteScalar(vary.path(), true), ": ",
                      Strings(ToVector(vary.values())), "\n");
    } else if (field.message_type() == proto::Group::descriptor()) {
      const auto& group = static_cast<const proto::Group&>(item);
      absl::StrAppend(out, indent, "  ", QuoteScalar(group.name(), true), ": ",
                      Strings(ToVector(group.nodes())), "\n");
    } else if (field.message_type() == proto::NodeSpec::descriptor()) {
      const auto& node = static_cast<const proto::NodeSpec&>(item);
      absl::StrAppend(out, indent, "  ", QuoteScalar(node.node(), true),
                      ": {durability: ", Flow(node.durability()), "}\n");
    } else if (field.message_type() == proto::Setting::descriptor()) {
      const auto& setting = static_cast<const proto::Setting&>(item);
      absl::StrAppend(out, indent, "  ", QuoteScalar(setting.name(), true), ": ",
                      QuoteScalar(setting.value(), true), "\n");
    } else if (field.message_type() == proto::Expect::descriptor()) {
      absl::StrAppend(out, indent, "  - ", Flow(static_cast<const proto::Expect&>(item)), "\n");
    } else {
      absl::StrAppend(out, indent, "  - ", Flow(item), "\n");
    }
  }
}

void WriteBlock(const Message& message, const std::string& indent, std::string* out) {
  for (const FieldDescriptor* field : FieldsOf(message)) {
    if (field->is_repeated()) {
      WriteRepeated(message, *field, indent, out);
      continue;
    }
    absl::StrAppend(out, indent, field->name(), ":");
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      absl::StrAppend(out, " ", Scalar(message, *field, false), "\n");
      continue;
    }
    const Message& below = message.GetReflection()->GetMessage(message, field);
    std::string text;
    if (IsSpelled(below, &text)) {
      absl::StrAppend(out, " ", QuoteScalar(text, false), "\n");
    } else if (FieldsOf(below).empty()) {
      absl::StrAppend(out, " {}\n");
    } else {
      absl::StrAppend(out, "\n");
      WriteBlock(below, indent + "  ", out);
    }
  }
}

}  // namespace

std::string WriteYaml(const proto::Scenario& scenario) {
  std::string out;
  WriteBlock(scenario, "", &out);
  return out;
}

}  // namespace replsim
