// Values given for single paths of a scenario: `--set PATH=VALUE`, `--vary PATH=A,B,C`, and the
// file's own `vary:`. They are laid over the YAML tree before it is read, so that a mistake in one
// is told like any other, with the flag as its place.
//
// A preset that is set this way replaces the file's preset and nothing else: knobs that the file
// sets explicitly go on overriding it.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "simulator/scenario/mistakes.h"
#include "simulator/scenario/yaml_tree.h"

namespace replsim {

// The value is YAML: "async", "2000/s", "[r1, r2]", "{rate: 500/s}".
struct Override {
  std::string path;
  std::string value;
  Place place;       // of the value
  Place path_place;  // of the path; of a flag the same
};

// The values that one path takes in turn.
struct VaryList {
  std::string path;
  std::vector<Override> values;
};

// Both tell a flag that cannot be read and leave it out.
std::vector<Override> ParseSets(const std::vector<std::string>& flags, Mistakes* mistakes);
std::vector<VaryList> ParseVaries(const std::vector<std::string>& flags, Mistakes* mistakes);

// Maps on the way are made where they are missing; a list's entry must exist. A path: names with
// dots between, [N] for the N-th entry of a list, from 0.
void Apply(const Override& given, YamlNode* root, Mistakes* mistakes);

// What the tree's own `vary:` says; what is not a map of lists is left out (the reader tells it).
std::vector<VaryList> VariesOf(const YamlNode& root);
void SetVaries(const std::vector<VaryList>& varies, YamlNode* root);

// Flags over the file: a --vary replaces the file's list for that path, a --set takes that path out
// of what varies.
std::vector<VaryList> Combine(std::vector<VaryList> file, const std::vector<VaryList>& flags,
                              const std::vector<Override>& sets);

// Every combination, the last path turning fastest; one empty one where nothing varies.
std::vector<std::vector<Override>> Combinations(const std::vector<VaryList>& varies);

}  // namespace replsim
