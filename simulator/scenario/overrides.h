// Overrides of single paths of a scenario: `--set PATH=VALUE`, `--vary PATH=A,B,C`, and the file's
// own `vary:`. They are applied to the YAML tree before it is read, so a mistake in an override is
// reported like any other, with the flag as its place. Pure.
//
// A preset set this way replaces only the file's preset: knobs that the file sets explicitly still
// override it.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "simulator/scenario/mistakes.h"
#include "simulator/scenario/yaml_tree.h"

namespace replsim {

// One path and its value, in YAML: "async", "2000/s", "[r1, r2]", "{rate: 500/s}".
struct Override {
  std::string path;
  std::string value;
  Place place;       // place of the value
  Place path_place;  // place of the path; the same for a flag
};

// The values that one path takes in turn.
struct VaryList {
  std::string path;
  std::vector<Override> values;
};

// Both report a flag that cannot be read and skip it.
std::vector<Override> ParseSets(const std::vector<std::string>& flags, Mistakes* mistakes);
std::vector<VaryList> ParseVaries(const std::vector<std::string>& flags, Mistakes* mistakes);

// Applies an override. Missing maps on the path are created; a list entry must exist. A path
// consists of names separated by dots; [N] is the N-th entry of a list, from 0.
void Apply(const Override& given, YamlNode* root, Mistakes* mistakes);

// Returns the tree's own `vary:`. An entry that is not a map of lists is skipped; the reader
// reports it.
std::vector<VaryList> VariesOf(const YamlNode& root);
void SetVaries(const std::vector<VaryList>& varies, YamlNode* root);

// Merges flags into the file's lists: a --vary replaces the file's list for that path, and a --set
// removes that path from the lists.
std::vector<VaryList> Combine(std::vector<VaryList> file, const std::vector<VaryList>& flags,
                              const std::vector<Override>& sets);

// Returns every combination; the last path changes fastest. If nothing varies, returns one empty
// combination.
std::vector<std::vector<Override>> Combinations(const std::vector<VaryList>& varies);

}  // namespace replsim
