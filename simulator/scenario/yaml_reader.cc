#include "simulator/scenario/yaml_reader.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/suggest.h"
#include "protos/scenario.pb.h"
#include "simulator/scenario/enum_words.h"
#include "simulator/scenario/node_set.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::vector<std::string> FieldNames(const Descriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  return names;
}

class Reader {
 public:
  Reader(Places* places, Mistakes* mistakes) : places_(places), mistakes_(mistakes) {}

  void ReadMap(const YamlNode& node, const std::string& path, Message* message) {
    const Descriptor& type = *message->GetDescriptor();
    if (!ExpectKind(node, YamlNode::Kind::kMap, path)) return;
    ForEachKey(node, path, [&](const YamlEntry& entry, const std::string& below) {
      const FieldDescriptor* field = type.FindFieldByName(entry.key);
      if (field == nullptr) {
        Add(below, entry.place,
            absl::StrCat("unknown key '", entry.key, "'", In(path),
                         Suggest(entry.key, FieldNames(type))));
        return;
      }
      ReadField(entry.value, below, *field, message);
    });
  }

 private:
  static std::string In(const std::string& path) {
    return path.empty() ? " at the top" : absl::StrCat(" in ", path);
  }

  void Add(const std::string& path, const Place& place, std::string text) {
    places_->SetUnread(path);
    mistakes_->Add(place, std::move(text));
  }

  void Expected(const YamlNode& node, const std::string& path, absl::string_view what) {
    Add(path, node.place,
        absl::StrCat("read ", WhatItIs(node), " for ", path.empty() ? "the scenario" : path,
                     "; expected ", what));
  }

  bool ExpectKind(const YamlNode& node, YamlNode::Kind kind, const std::string& path) {
    if (node.kind == kind) return true;
    switch (kind) {
      case YamlNode::Kind::kMap:
        Expected(node, path, "a map (key: value)");
        break;
      case YamlNode::Kind::kList:
        Expected(node, path, "a list");
        break;
      default:
        Expected(node, path, "a single value");
    }
    return false;
  }

  // Calls fn(entry, path of the entry) for every key except duplicates.
  template <typename Fn>
  void ForEachKey(const YamlNode& map, const std::string& path, Fn fn) {
    for (const YamlEntry& entry : map.entries) {
      const YamlEntry* first = map.Find(entry.key);
      if (first != &entry) {
        Add(path, entry.place,
            absl::StrCat("'", entry.key, "' is given twice", In(path), "; the first is at ",
                         ToString(first->place)));
        continue;
      }
      const std::string below = path.empty() ? entry.key : absl::StrCat(path, ".", entry.key);
      places_->Set(below, entry.place);
      fn(entry, below);
    }
  }

  void ReadField(const YamlNode& node, const std::string& path, const FieldDescriptor& field,
                 Message* message) {
    if (field.is_repeated()) {
      ReadRepeated(node, path, field, message);
    } else if (IsClockOffset(field)) {
      ReadSpelled(node, path, ParseOffset,
                  message->GetReflection()->MutableMessage(message, &field));
    } else if (IsNodeSet(field)) {
      ReadSpelled(node, path, ParseNodeSet,
                  message->GetReflection()->MutableMessage(message, &field));
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      ReadOneMessage(node, path, message->GetReflection()->MutableMessage(message, &field));
    } else if (ExpectKind(node, YamlNode::Kind::kScalar, path)) {
      ReadScalar(node, path, field, message);
    }
  }

  // The only kind of duration that may be negative.
  static bool IsClockOffset(const FieldDescriptor& field) {
    return field.name() == "offset" && field.message_type() == proto::Duration::descriptor();
  }

  void ReadRepeated(const YamlNode& node, const std::string& path, const FieldDescriptor& field,
                    Message* message) {
    const auto& reflection = *message->GetReflection();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      ForEachScalar(node, path,
                    [&](const std::string& text) { reflection.AddString(message, &field, text); });
    } else if (field.message_type() == proto::Vary::descriptor()) {
      ReadVary(node, path, message, field);
    } else if (field.message_type() == proto::Group::descriptor()) {
      ReadGroups(node, path, message, field);
    } else if (field.message_type() == proto::NodeSpec::descriptor()) {
      ReadNodes(node, path, message, field);
    } else if (field.message_type() == proto::Setting::descriptor()) {
      ReadSettings(node, path, message, field);
    } else if (ExpectKind(node, YamlNode::Kind::kList, path)) {
      for (size_t i = 0; i < node.items.size(); ++i) {
        const std::string below = absl::StrCat(path, "[", i, "]");
        places_->Set(below, node.items[i].place);
        Message* item = reflection.AddMessage(message, &field);
        if (field.message_type() == proto::Expect::descriptor()) {
          ReadExpect(node.items[i], below, item);
        } else {
          ReadOneMessage(node.items[i], below, item);
        }
      }
    }
  }

  // One scalar, or a list of scalars.
  template <typename Fn>
  void ForEachScalar(const YamlNode& node, const std::string& path, Fn fn) {
    if (node.kind == YamlNode::Kind::kScalar) return fn(node.scalar);
    if (node.kind != YamlNode::Kind::kList)
      return Expected(node, path, "a word or a list of words");
    for (size_t i = 0; i < node.items.size(); ++i) {
      const std::string below = absl::StrCat(path, "[", i, "]");
      places_->Set(below, node.items[i].place);
      if (ExpectKind(node.items[i], YamlNode::Kind::kScalar, below)) fn(node.items[i].scalar);
    }
  }

  void ReadOneMessage(const YamlNode& node, const std::string& path, Message* message) {
    const Descriptor* type = message->GetDescriptor();
    if (type == proto::Duration::descriptor())
      return ReadSpelled(node, path, ParseDuration, message);
    if (type == proto::Size::descriptor()) return ReadSpelled(node, path, ParseSize, message);
    if (type == proto::Rate::descriptor()) return ReadSpelled(node, path, ParseRate, message);
    if (type == proto::Bandwidth::descriptor())
      return ReadSpelled(node, path, ParseBandwidth, message);
    if (type == proto::SyncSetSpec::descriptor())
      return ReadSpelled(node, path, ParseSyncSet, message);
    if (type == proto::Delay::descriptor()) return ReadDelay(node, path, message);
    if (type == proto::ReadFrom::descriptor()) return ReadReadFrom(node, path, message);
    ReadMap(node, path, message);
  }

  // A constant, or a map with a distribution.
  void ReadDelay(const YamlNode& node, const std::string& path, Message* message) {
    if (node.kind == YamlNode::Kind::kScalar) return ReadSpelled(node, path, ParseDelay, message);
    if (node.kind == YamlNode::Kind::kMap) return ReadMap(node, path, message);
    Expected(node, path, "a duration such as 20ms, or a map such as {exponential: {mean: 2ms}}");
  }

  // A word, a list of words, or a map.
  void ReadReadFrom(const YamlNode& node, const std::string& path, Message* message) {
    auto* from = static_cast<proto::ReadFrom*>(message);
    if (node.kind == YamlNode::Kind::kMap) return ReadMap(node, path, message);
    if (node.kind == YamlNode::Kind::kScalar) return from->set_node(node.scalar);
    if (node.kind != YamlNode::Kind::kList || node.items.empty()) {
      return Expected(node, path, "primary, any-replica, a node's id, [r1, r2], or {replicas: 2}");
    }
    ForEachScalar(node, path, [from](const std::string& id) { from->add_nodes(id); });
  }

  template <typename Parse>
  void ReadSpelled(const YamlNode& node, const std::string& path, Parse parse, Message* message) {
    if (!ExpectKind(node, YamlNode::Kind::kScalar, path)) return;
    const auto value = parse(node.scalar);
    if (value.ok()) {
      message->CopyFrom(*value);
    } else {
      Add(path, node.place, absl::StrCat(path, ": ", value.status().message()));
    }
  }

  void ReadVary(const YamlNode& node, const std::string& path, Message* message,
                const FieldDescriptor& field) {
    if (!ExpectKind(node, YamlNode::Kind::kMap, path)) return;
    ForEachKey(node, path, [&](const YamlEntry& entry, const std::string& below) {
      auto* vary = static_cast<proto::Vary*>(message->GetReflection()->AddMessage(message, &field));
      vary->set_path(entry.key);
      if (entry.value.kind == YamlNode::Kind::kScalar) {
        vary->add_values(ValueText(entry.value));
      } else if (entry.value.kind != YamlNode::Kind::kList) {
        Expected(entry.value, below, "a list of values, one for each variant");
      } else if (entry.value.items.empty()) {
        Add(below, entry.value.place,
            absl::StrCat(below, " is an empty list; expected one value for each variant"));
      } else {
        for (const YamlNode& item : entry.value.items) vary->add_values(ValueText(item));
      }
    });
  }

  void ReadGroups(const YamlNode& node, const std::string& path, Message* message,
                  const FieldDescriptor& field) {
    if (!ExpectKind(node, YamlNode::Kind::kMap, path)) return;
    ForEachKey(node, path, [&](const YamlEntry& entry, const std::string& below) {
      auto* group =
          static_cast<proto::Group*>(message->GetReflection()->AddMessage(message, &field));
      group->set_name(entry.key);
      ForEachScalar(entry.value, below, [&](const std::string& id) { group->add_nodes(id); });
    });
  }

  void ReadSettings(const YamlNode& node, const std::string& path, Message* message,
                    const FieldDescriptor& field) {
    if (!ExpectKind(node, YamlNode::Kind::kMap, path)) return;
    ForEachKey(node, path, [&](const YamlEntry& entry, const std::string& below) {
      if (!ExpectKind(entry.value, YamlNode::Kind::kScalar, below)) return;
      auto* setting =
          static_cast<proto::Setting*>(message->GetReflection()->AddMessage(message, &field));
      setting->set_name(entry.key);
      setting->set_value(entry.value.scalar);
    });
  }

  void ReadNodes(const YamlNode& node, const std::string& path, Message* message,
                 const FieldDescriptor& field) {
    if (!ExpectKind(node, YamlNode::Kind::kMap, path)) return;
    ForEachKey(node, path, [&](const YamlEntry& entry, const std::string& below) {
      if (!ExpectKind(entry.value, YamlNode::Kind::kMap, below)) return;
      auto* spec =
          static_cast<proto::NodeSpec*>(message->GetReflection()->AddMessage(message, &field));
      spec->set_node(entry.key);
      ForEachKey(entry.value, below, [&](const YamlEntry& part, const std::string& at) {
        if (part.key == "durability")
          return ReadOneMessage(part.value, at, spec->mutable_durability());
        Add(at, part.place,
            absl::StrCat("unknown key '", part.key, "'", In(below),
                         Suggest(part.key, std::vector<std::string>{"durability"})));
      });
    });
  }

  void ReadExpect(const YamlNode& node, const std::string& path, Message* message) {
    if (!ExpectKind(node, YamlNode::Kind::kMap, path)) return;
    auto* expect = static_cast<proto::Expect*>(message);
    ForEachKey(node, path, [&](const YamlEntry& entry, const std::string& below) {
      if (entry.key == "variant") {
        ForEachScalar(entry.value, below,
                      [&](const std::string& name) { expect->add_variant(name); });
      } else if (ExpectKind(entry.value, YamlNode::Kind::kScalar, below)) {
        proto::Condition* condition = expect->add_condition();
        condition->set_metric(entry.key);
        condition->set_test(entry.value.scalar);
      }
    });
  }

  void ReadScalar(const YamlNode& node, const std::string& path, const FieldDescriptor& field,
                  Message* message) {
    const auto& reflection = *message->GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return reflection.SetString(message, &field, node.scalar);
      case FieldDescriptor::CPPTYPE_ENUM: {
        const std::optional<int> value = ParseEnum(*field.enum_type(), node.scalar);
        if (value.has_value()) return reflection.SetEnumValue(message, &field, *value);
        Add(path, node.place,
            absl::StrCat("unknown value ", WhatItIs(node), " for ", path,
                         Suggest(node.scalar, WordsOf(field))));
        return;
      }
      case FieldDescriptor::CPPTYPE_BOOL:
        if (node.scalar != "true" && node.scalar != "false" && node.scalar != "on" &&
            node.scalar != "off") {
          return Expected(node, path, "true or false");
        }
        return reflection.SetBool(message, &field, node.scalar == "true" || node.scalar == "on");
      case FieldDescriptor::CPPTYPE_UINT32: {
        uint32_t value = 0;
        if (!ReadWhole(node, path, &value)) return;
        return reflection.SetUInt32(message, &field, value);
      }
      case FieldDescriptor::CPPTYPE_UINT64: {
        uint64_t value = 0;
        if (!ReadWhole(node, path, &value)) return;
        return reflection.SetUInt64(message, &field, value);
      }
      case FieldDescriptor::CPPTYPE_DOUBLE: {
        double value = 0;
        if (!absl::SimpleAtod(node.scalar, &value) || !std::isfinite(value)) {
          return Expected(node, path, "a number");
        }
        return reflection.SetDouble(message, &field, value);
      }
      default:
        Expected(node, path, "a field that this version supports");
    }
  }

  template <typename T>
  bool ReadWhole(const YamlNode& node, const std::string& path, T* value) {
    bool digits = !node.scalar.empty();
    for (const char c : node.scalar)
      digits = digits && absl::ascii_isdigit(static_cast<unsigned char>(c));
    if (digits && absl::SimpleAtoi(node.scalar, value)) return true;
    // Values too large for the type are also far beyond the limits of the checks.
    Expected(node, path,
             digits ? absl::StrCat("a whole number, at most ", std::numeric_limits<T>::max())
                    : "a whole number that is not negative");
    return false;
  }

  static std::string ValueText(const YamlNode& item) {
    return item.kind == YamlNode::Kind::kScalar ? item.scalar : ToFlowText(item);
  }

  Places* const places_;
  Mistakes* const mistakes_;
};

}  // namespace

Place Places::Find(absl::string_view path) const {
  while (true) {
    const auto it = places_.find(std::string(path));
    if (it != places_.end()) return it->second;
    if (path.empty()) return {};
    const size_t cut = path.find_last_of(".[");
    path = cut == absl::string_view::npos ? "" : path.substr(0, cut);
  }
}

namespace {

// Returns whether `path` is `above` or below it.
bool IsWithin(absl::string_view path, absl::string_view above) {
  return absl::StartsWith(path, above) && (path.size() == above.size() || above.empty() ||
                                           path[above.size()] == '.' || path[above.size()] == '[');
}

}  // namespace

bool Places::IsUnread(absl::string_view path) const {
  return std::any_of(unread_.begin(), unread_.end(), [&](const std::string& unread) {
    return IsWithin(path, unread) || (!path.empty() && IsWithin(unread, path));
  });
}

void ReadMessage(const YamlNode& node, Message* message, Places* places, Mistakes* mistakes) {
  places->Set("", node.place);
  Reader(places, mistakes).ReadMap(node, "", message);
}

}  // namespace replsim
