// A YAML document as a plain tree in which every node knows where it was read. Only the .cc knows
// yaml-cpp. Stricter than YAML: duplicate keys are kept for the reader to refuse; anchors, aliases,
// tags, tabs, control characters and a second document are mistakes here.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "simulator/scenario/mistakes.h"

namespace replsim {

struct YamlEntry;

struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };
  Kind kind = Kind::kNull;
  Place place;
  std::string scalar;              // of kScalar
  std::vector<YamlNode> items;     // of kList
  std::vector<YamlEntry> entries;  // of kMap, in the order of the file

  // The first entry of that key; null if there is none or this is no map.
  YamlEntry* Find(absl::string_view key);
  const YamlEntry* Find(absl::string_view key) const;
};

struct YamlEntry {
  std::string key;
  Place place;  // of the key
  YamlNode value;
};

// "a map", "a list", "the word 'x'", "nothing": for messages about a node of the wrong kind.
std::string WhatItIs(const YamlNode& node);

// Nothing where the text is no YAML; the mistakes say why. `source` is what places will name.
std::optional<YamlNode> ParseYaml(const std::string& text, const std::string& source,
                                  Mistakes* mistakes);

// The same, of a value typed in a flag or held in a `vary` list: every node gets `place`.
std::optional<YamlNode> ParseYamlValue(const std::string& text, const Place& place,
                                       Mistakes* mistakes);

// On one line: "[r1, r2]", "{delay: 20ms}", "async". ParseYamlValue of it gives the node again.
std::string ToFlowText(const YamlNode& node);

}  // namespace replsim
