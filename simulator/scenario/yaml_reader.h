// Maps a YAML tree to a message by reflection: a key is a field's name. Every departure is a
// mistake with its place, and reading goes on, so that all of them are found at once.
//
// Beyond maps, lists and scalars: Duration, Size, Rate, Bandwidth and SyncSetSpec are scalars with
// a spelling of their own (units.h), and so is a Delay that is a constant; a ReadFrom may be a
// node's name alone, or a list of them; a repeated string takes one scalar or a list; `vary` and
// `groups` are maps of lists and `expect` a list of maps whose keys, but for `variant`, are
// metrics.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <google/protobuf/message.h>

#include "absl/strings/string_view.h"
#include "simulator/scenario/mistakes.h"
#include "simulator/scenario/yaml_tree.h"

namespace replsim {

// Where each path of a message was read ("replication.sync_set", "faults[1].node"), so that a check
// made later can point at it.
class Places {
 public:
  void Set(const std::string& path, const Place& place) { places_[path] = place; }
  // Whether the file (or a flag) said anything there.
  bool Has(const std::string& path) const { return places_.count(path) > 0; }
  // What was given at `path` could not be read: a check must not judge what stands there instead.
  void SetUnread(const std::string& path) { unread_.push_back(path); }
  // Whether something at, within or around `path` could not be read.
  bool IsUnread(absl::string_view path) const;
  // Of what is nearest above where the path itself was not given; the document's start at the
  // least.
  Place Find(absl::string_view path) const;

 private:
  std::map<std::string, Place> places_;  // "" is the document
  std::vector<std::string> unread_;
};

void ReadMessage(const YamlNode& node, google::protobuf::Message* message, Places* places,
                 Mistakes* mistakes);

}  // namespace replsim
