#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "simulator/scenario/yaml_text.h"
#include "simulator/scenario/yaml_tree.h"

namespace replsim {

const YamlEntry* YamlNode::Find(absl::string_view key) const {
  const auto it = std::find_if(entries.begin(), entries.end(),
                               [&](const YamlEntry& entry) { return entry.key == key; });
  return it == entries.end() ? nullptr : &*it;
}

YamlEntry* YamlNode::Find(absl::string_view key) {
  return const_cast<YamlEntry*>(static_cast<const YamlNode*>(this)->Find(key));
}

std::string WhatItIs(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return "nothing";
    case YamlNode::Kind::kScalar: {
      constexpr size_t kShown = 60;
      if (node.scalar.size() <= kShown) return absl::StrCat("'", node.scalar, "'");
      return absl::StrCat("'", node.scalar.substr(0, kShown), "…'");
    }
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kMap:
      return "a map";
  }
  return "?";
}

namespace {

std::string FlowText(const YamlNode& node, bool nested) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return "~";
    case YamlNode::Kind::kScalar:
      return QuoteScalar(node.scalar, nested);
    case YamlNode::Kind::kList:
      return absl::StrCat("[",
                          absl::StrJoin(node.items, ", ",
                                        [](std::string* out, const YamlNode& item) {
                                          out->append(FlowText(item, true));
                                        }),
                          "]");
    case YamlNode::Kind::kMap:
      return absl::StrCat("{",
                          absl::StrJoin(node.entries, ", ",
                                        [](std::string* out, const YamlEntry& entry) {
                                          absl::StrAppend(out, QuoteScalar(entry.key, true), ": ",
                                                          FlowText(entry.value, true));
                                        }),
                          "}");
  }
  return "";
}

}  // namespace

std::string ToFlowText(const YamlNode& node) { return FlowText(node, false); }

}  // namespace replsim
