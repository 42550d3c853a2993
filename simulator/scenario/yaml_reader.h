// Maps a YAML tree to a message by reflection: a key is a field's name. Every deviation is a
// mistake with its place, and reading continues, so that all mistakes are found at once. Pure.
//
// Special spellings besides maps, lists and scalars:
//   - Duration, Size, Rate, Bandwidth, SyncSetSpec and a constant Delay are scalars (units.h).
//   - A ReadFrom may be a node's name or a list of names.
//   - A repeated string is one scalar or a list.
//   - `vary` and `groups` are maps of lists.
//   - `expect` is a list of maps whose keys, except `variant`, are metrics.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <google/protobuf/message.h>

#include "absl/strings/string_view.h"
#include "simulator/scenario/mistakes.h"
#include "simulator/scenario/yaml_tree.h"

namespace replsim {

// Where each path of a message was read ("replication.sync_set", "faults[1].node"), so that later
// checks can point at it.
class Places {
 public:
  void Set(const std::string& path, const Place& place) { places_[path] = place; }
  // Returns whether the file or a flag set this path.
  bool Has(const std::string& path) const { return places_.count(path) > 0; }
  // Records that the value at `path` could not be read. Checks must not judge its replacement.
  void SetUnread(const std::string& path) { unread_.push_back(path); }
  // Returns whether a value at, within or around `path` could not be read.
  bool IsUnread(absl::string_view path) const;
  // Returns the place of `path`, or of the nearest enclosing path that was given; at least the
  // start of the document.
  Place Find(absl::string_view path) const;

 private:
  std::map<std::string, Place> places_;  // "" is the document
  std::vector<std::string> unread_;
};

void ReadMessage(const YamlNode& node, google::protobuf::Message* message, Places* places,
                 Mistakes* mistakes);

}  // namespace replsim
