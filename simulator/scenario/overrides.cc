#include "simulator/scenario/overrides.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace replsim {
namespace {

// One step of a path: a key, or an index if the key is empty.
struct Step {
  std::string key;
  size_t index = 0;
};

bool IsNameLetter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
}

std::optional<std::vector<Step>> ParsePath(absl::string_view path) {
  std::vector<Step> steps;
  size_t at = 0;
  while (at < path.size()) {
    if (path[at] == '[') {
      const size_t end = path.find(']', at);
      uint32_t index = 0;
      if (end == absl::string_view::npos || steps.empty() ||
          !absl::SimpleAtoi(path.substr(at + 1, end - at - 1), &index))
        return std::nullopt;
      steps.push_back({"", index});
      at = end + 1;
      continue;
    }
    if (!steps.empty() && path[at++] != '.') return std::nullopt;
    size_t end = at;
    while (end < path.size() && IsNameLetter(path[end])) ++end;
    if (end == at) return std::nullopt;
    steps.push_back({std::string(path.substr(at, end - at)), 0});
    at = end;
  }
  if (steps.empty()) return std::nullopt;
  return steps;
}

// Paths that are not settings of a run.
bool IsAboutTheFile(absl::string_view path) {
  return path == "vary" || path == "expect" || absl::StartsWith(path, "vary.") ||
         absl::StartsWith(path, "expect[");
}

// Splits PATH=VALUE; reports a mistake.
bool SplitFlag(const std::string& flag, const Place& place, Override* out, Mistakes* mistakes) {
  const size_t equals = flag.find('=');
  if (equals == std::string::npos) {
    mistakes->Add(place, "expected PATH=VALUE, e.g. replication.preset=sync");
    return false;
  }
  *out = {flag.substr(0, equals), flag.substr(equals + 1), place, place};
  if (!ParsePath(out->path).has_value()) {
    mistakes->Add(
        place,
        absl::StrCat("'", out->path,
                     "' is not a path; expected e.g. workload.arrival.rate or faults[1].when.at"));
    return false;
  }
  if (IsAboutTheFile(out->path)) {
    mistakes->Add(place,
                  absl::StrCat("'", out->path, "' cannot be set with --set; use --vary PATH=A,B"));
    return false;
  }
  return true;
}

// Splits at commas outside brackets, braces and quotes.
std::vector<std::string> SplitValues(absl::string_view text) {
  std::vector<std::string> values(1);
  int depth = 0;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if (c == ']' || c == '}') {
      --depth;
    } else if (c == ',' && depth <= 0) {
      values.emplace_back();
      continue;
    }
    values.back() += c;
  }
  for (std::string& value : values) value = std::string(absl::StripAsciiWhitespace(value));
  return values;
}

// Returns the node of a step, found or created; null, with a mistake, if there is none.
YamlNode* Follow(const Step& step, const Override& given, YamlNode* node, Mistakes* mistakes) {
  if (step.key.empty()) {
    if (node->kind == YamlNode::Kind::kList && step.index < node->items.size())
      return &node->items[step.index];
    mistakes->Add(given.path_place,
                  absl::StrCat("'", given.path, "': there is no entry [", step.index,
                               "]; the list has ", node->items.size(), ", numbered from 0"));
    return nullptr;
  }
  if (node->kind == YamlNode::Kind::kNull) {
    *node = YamlNode{};
    node->kind = YamlNode::Kind::kMap;
    node->place = given.path_place;
  }
  if (node->kind != YamlNode::Kind::kMap) {
    mistakes->Add(given.path_place,
                  absl::StrCat("'", given.path, "': ", WhatItIs(*node), " stands where '", step.key,
                               "' should be a key (", ToString(node->place), ")"));
    return nullptr;
  }
  YamlEntry* entry = node->Find(step.key);
  if (entry == nullptr) {
    node->entries.push_back({step.key, given.path_place, YamlNode{}});
    entry = &node->entries.back();
    entry->value.place = given.place;
  }
  return &entry->value;
}

std::string TextOf(const YamlNode& node) {
  return node.kind == YamlNode::Kind::kScalar ? node.scalar : ToFlowText(node);
}

}  // namespace

std::vector<Override> ParseSets(const std::vector<std::string>& flags, Mistakes* mistakes) {
  std::vector<Override> sets;
  for (const std::string& flag : flags) {
    Override set;
    if (SplitFlag(flag, {absl::StrCat("--set ", flag)}, &set, mistakes)) sets.push_back(set);
  }
  return sets;
}

std::vector<VaryList> ParseVaries(const std::vector<std::string>& flags, Mistakes* mistakes) {
  std::vector<VaryList> varies;
  for (const std::string& flag : flags) {
    Override all;
    if (!SplitFlag(flag, {absl::StrCat("--vary ", flag)}, &all, mistakes)) continue;
    VaryList vary{all.path, {}};
    for (const std::string& value : SplitValues(all.value))
      vary.values.push_back({all.path, value, all.place, all.place});
    varies.push_back(std::move(vary));
  }
  return varies;
}

void Apply(const Override& given, YamlNode* root, Mistakes* mistakes) {
  const std::optional<std::vector<Step>> steps = ParsePath(given.path);
  if (!steps.has_value()) {
    mistakes->Add(
        given.path_place,
        absl::StrCat("'", given.path,
                     "' is not a path; expected e.g. replication.preset or faults[1].when.at"));
    return;
  }
  std::optional<YamlNode> value = ParseYamlValue(given.value, given.place, mistakes);
  if (!value.has_value()) return;
  YamlNode changed = *root;  // a copy, so that an invalid path changes nothing
  YamlNode* parent = nullptr;
  YamlNode* node = &changed;
  for (const Step& step : *steps) {
    parent = node;
    node = Follow(step, given, node, mistakes);
    if (node == nullptr) return;
  }
  *node = *std::move(value);
  if (YamlEntry* entry = parent->Find(steps->back().key)) entry->place = given.place;
  *root = std::move(changed);
}

std::vector<VaryList> VariesOf(const YamlNode& root) {
  std::vector<VaryList> varies;
  const YamlEntry* vary = root.Find("vary");
  if (vary == nullptr) return varies;
  for (const YamlEntry& entry : vary->value.entries) {
    VaryList list{entry.key, {}};
    if (entry.value.kind == YamlNode::Kind::kScalar)
      list.values.push_back({entry.key, entry.value.scalar, entry.value.place, entry.place});
    for (const YamlNode& item : entry.value.items)
      list.values.push_back({entry.key, TextOf(item), item.place, entry.place});
    if (!list.values.empty() && vary->value.Find(entry.key) == &entry)
      varies.push_back(std::move(list));
  }
  return varies;
}

void SetVaries(const std::vector<VaryList>& varies, YamlNode* root) {
  auto& entries = root->entries;
  entries.erase(std::remove_if(entries.begin(), entries.end(),
                               [](const YamlEntry& entry) { return entry.key == "vary"; }),
                entries.end());
  if (varies.empty()) return;
  YamlEntry vary{"vary", varies[0].values[0].place, YamlNode{}};
  vary.value.kind = YamlNode::Kind::kMap;
  for (const VaryList& list : varies) {
    YamlEntry entry{list.path, list.values[0].place, YamlNode{}};
    entry.value.kind = YamlNode::Kind::kList;
    for (const Override& value : list.values) {
      YamlNode item;
      item.kind = YamlNode::Kind::kScalar;
      item.place = value.place;
      item.scalar = value.value;
      entry.value.items.push_back(std::move(item));
    }
    vary.value.entries.push_back(std::move(entry));
  }
  entries.push_back(std::move(vary));
}

std::vector<VaryList> Combine(std::vector<VaryList> file, const std::vector<VaryList>& flags,
                              const std::vector<Override>& sets) {
  const auto is_set = [&](const VaryList& vary) {
    return std::any_of(sets.begin(), sets.end(), [&](const Override& set) {
      return vary.path == set.path || absl::StartsWith(vary.path, set.path + ".") ||
             absl::StartsWith(vary.path, set.path + "[");
    });
  };
  file.erase(std::remove_if(file.begin(), file.end(), is_set), file.end());
  for (const VaryList& flag : flags) {
    const auto same = std::find_if(file.begin(), file.end(),
                                   [&](const VaryList& vary) { return vary.path == flag.path; });
    if (same == file.end()) {
      file.push_back(flag);
    } else {
      *same = flag;
    }
  }
  return file;
}

std::vector<std::vector<Override>> Combinations(const std::vector<VaryList>& varies) {
  std::vector<std::vector<Override>> all(1);
  for (const VaryList& vary : varies) {
    std::vector<std::vector<Override>> longer;
    for (const std::vector<Override>& combination : all) {
      for (const Override& value : vary.values) {
        longer.push_back(combination);
        longer.back().push_back(value);
      }
    }
    all = std::move(longer);
  }
  return all;
}

}  // namespace replsim
