// A YAML document as a plain tree in which every node knows its place. Only the .cc uses yaml-cpp.
// Stricter than YAML: duplicate keys are kept, and the reader refuses them; anchors, aliases, tags,
// tabs, control characters and a second document are mistakes. Pure.
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
  std::string scalar;              // for kScalar
  std::vector<YamlNode> items;     // for kList
  std::vector<YamlEntry> entries;  // for kMap, in file order

  // Returns the first entry with that key; null if there is none or this node is no map.
  YamlEntry* Find(absl::string_view key);
  const YamlEntry* Find(absl::string_view key) const;
};

struct YamlEntry {
  std::string key;
  Place place;  // place of the key
  YamlNode value;
};

// Describes a node of the wrong kind: "a map", "a list", "the word 'x'", "nothing".
std::string WhatItIs(const YamlNode& node);

// Returns nothing if the text is not YAML; `mistakes` then has the reason. `source` is the file
// name in places.
std::optional<YamlNode> ParseYaml(const std::string& text, const std::string& source,
                                  Mistakes* mistakes);

// Like ParseYaml, for a value in a flag or a `vary` list: every node gets `place`.
std::optional<YamlNode> ParseYamlValue(const std::string& text, const Place& place,
                                       Mistakes* mistakes);

// Prints the node on one line: "[r1, r2]", "{delay: 20ms}", "async". ParseYamlValue of the result
// gives the node again.
std::string ToFlowText(const YamlNode& node);

}  // namespace replsim
