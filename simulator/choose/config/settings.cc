#include "simulator/choose/config/settings.h"

#include <algorithm>
#include <functional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/status.h"
#include "simulator/scenario/yaml_tree.h"

namespace replsim {
namespace {

absl::Status LineError(const std::string& path, int line, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(path, ":", line, ": ", why));
}

using ParseLine = std::function<absl::Status(absl::string_view line, int number)>;

// Calls `parse` for each line that has something before `#`-comments are considered.
absl::Status ForEachLine(const std::string& text, const ParseLine& parse) {
  int number = 0;
  for (const absl::string_view raw : absl::StrSplit(text, '\n')) {
    ++number;
    const absl::string_view line = absl::StripAsciiWhitespace(raw);
    if (line.empty() || line[0] == '#') continue;
    REPL_RETURN_IF_ERROR(parse(line, number));
  }
  return absl::OkStatus();
}

// Takes a value from the front of `rest`: 'quoted' ('' and \' stand for a quote), or up to a blank
// or a comment. Nothing after a closing quote is missing.
absl::StatusOr<std::string> TakePostgresValue(absl::string_view* rest) {
  std::string value;
  if (!absl::ConsumePrefix(rest, "'")) {
    const size_t end = std::min(rest->find_first_of(" \t#"), rest->size());
    value = std::string(rest->substr(0, end));
    rest->remove_prefix(end);
    return value;
  }
  while (!rest->empty()) {
    const char c = rest->front();
    rest->remove_prefix(1);
    if (c == '\\' && !rest->empty()) {
      value += rest->front();
      rest->remove_prefix(1);
    } else if (c != '\'') {
      value += c;
    } else if (!absl::ConsumePrefix(rest, "'")) {
      return value;
    } else {
      value += '\'';
    }
  }
  return absl::InvalidArgumentError("a value in quotes has no closing '");
}

// Whether the group of an option file is for a server: [mysqld], [mariadb-10.11], [server].
bool IsServerGroup(absl::string_view group) {
  for (const absl::string_view name : {"mysqld", "mariadbd", "mariadb", "server"}) {
    if (group == name || absl::StartsWith(group, absl::StrCat(name, "-"))) return true;
  }
  return false;
}

void AddYaml(const YamlNode& node, const std::string& prefix, ConfigFile* file) {
  for (const YamlEntry& entry : node.entries) {
    const std::string name = absl::StrCat(prefix, prefix.empty() ? "" : ".", entry.key);
    if (entry.value.kind == YamlNode::Kind::kMap) {
      AddYaml(entry.value, name, file);
    } else {
      file->settings.push_back({name, entry.value.scalar, entry.place.line});
    }
  }
}

}  // namespace

const ConfigSetting* ConfigFile::Find(absl::string_view name) const {
  return FindAny({std::string(name)});
}

const ConfigSetting* ConfigFile::FindAny(const std::vector<std::string>& names) const {
  const auto last = std::find_if(settings.rbegin(), settings.rend(), [&](const auto& setting) {
    return std::find(names.begin(), names.end(), setting.name) != names.end();
  });
  return last == settings.rend() ? nullptr : &*last;
}

std::string ConfigFile::PlaceOf(const ConfigSetting* setting) const {
  return setting == nullptr ? path : absl::StrCat(path, ":", setting->line);
}

absl::Status ConfigFile::Refuse(const ConfigSetting& setting, absl::string_view why) const {
  return LineError(path, setting.line,
                   absl::StrCat(setting.name, " = '", setting.value, "': ", why));
}

absl::StatusOr<ConfigFile> ParsePostgresConf(const std::string& text, const std::string& path) {
  ConfigFile file{path, {}, {}};
  REPL_RETURN_IF_ERROR(ForEachLine(text, [&](absl::string_view line, int number) -> absl::Status {
    const size_t end = std::min(line.find_first_of(" \t="), line.size());
    const std::string name = absl::AsciiStrToLower(line.substr(0, end));
    absl::string_view rest = absl::StripLeadingAsciiWhitespace(line.substr(end));
    if (absl::ConsumePrefix(&rest, "=")) rest = absl::StripLeadingAsciiWhitespace(rest);
    if (name.empty() || rest.empty() || rest[0] == '#') {
      return LineError(path, number, absl::StrCat("'", line, "': expected name = value"));
    }
    absl::StatusOr<std::string> value = TakePostgresValue(&rest);
    if (!value.ok()) return LineError(path, number, value.status().message());
    rest = absl::StripLeadingAsciiWhitespace(rest);
    if (!rest.empty() && rest[0] != '#') {
      return LineError(path, number, absl::StrCat("'", rest, "' after the value of ", name));
    }
    const bool include = absl::StartsWith(name, "include");
    (include ? file.includes : file.settings).push_back({name, *std::move(value), number});
    return absl::OkStatus();
  }));
  return file;
}

absl::StatusOr<ConfigFile> ParseMyCnf(const std::string& text, const std::string& path) {
  ConfigFile file{path, {}, {}};
  bool in_group = false;
  bool of_server = false;
  REPL_RETURN_IF_ERROR(ForEachLine(text, [&](absl::string_view line, int number) -> absl::Status {
    if (line[0] == ';') return absl::OkStatus();
    if (line[0] == '!') {
      file.includes.push_back({std::string(line), "", number});
      return absl::OkStatus();
    }
    if (line[0] == '[') {
      const size_t end = line.find(']');
      if (end == absl::string_view::npos) {
        return LineError(path, number, absl::StrCat("'", line, "': expected [group]"));
      }
      in_group = true;
      of_server = IsServerGroup(line.substr(1, end - 1));
      return absl::OkStatus();
    }
    if (!in_group) {
      return LineError(path, number,
                       absl::StrCat("'", line, "': an option without a [group] before it"));
    }
    const std::vector<std::string> sides = absl::StrSplit(line, absl::MaxSplits('=', 1));
    std::string name = absl::StrReplaceAll(
        absl::AsciiStrToLower(absl::StripAsciiWhitespace(sides[0])), {{"-", "_"}});
    absl::string_view value = sides.size() < 2 ? "" : absl::StripAsciiWhitespace(sides[1]);
    if (name.empty()) return LineError(path, number, absl::StrCat("'", line, "': no option name"));
    value = absl::StripAsciiWhitespace(value.substr(0, value.find(" #")));
    if (value.size() > 1 && (value[0] == '"' || value[0] == '\'') && value[0] == value.back()) {
      value = value.substr(1, value.size() - 2);
    }
    if (absl::StartsWith(name, "loose_")) name = name.substr(6);
    if (of_server) file.settings.push_back({name, std::string(value), number});
    return absl::OkStatus();
  }));
  return file;
}

absl::StatusOr<ConfigFile> ParseRedisConf(const std::string& text, const std::string& path) {
  ConfigFile file{path, {}, {}};
  REPL_RETURN_IF_ERROR(ForEachLine(text, [&](absl::string_view line, int number) -> absl::Status {
    const size_t end = std::min(line.find_first_of(" \t"), line.size());
    const std::string name = absl::AsciiStrToLower(line.substr(0, end));
    absl::string_view value = absl::StripAsciiWhitespace(line.substr(end));
    if (value.empty()) {
      return LineError(path, number,
                       absl::StrCat("'", line, "': expected a directive and a value"));
    }
    if (std::count(value.begin(), value.end(), '"') % 2 != 0) {
      return LineError(path, number, "unbalanced quotes");
    }
    if (value.size() > 1 && value[0] == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    (name == "include" ? file.includes : file.settings)
        .push_back({name, std::string(value), number});
    return absl::OkStatus();
  }));
  return file;
}

absl::StatusOr<ConfigFile> ParseMongodConf(const std::string& text, const std::string& path) {
  Mistakes mistakes;
  const std::optional<YamlNode> tree = ParseYaml(text, path, &mistakes);
  REPL_RETURN_IF_ERROR(mistakes.ToStatus());
  ConfigFile file{path, {}, {}};
  if (tree) AddYaml(*tree, "", &file);
  return file;
}

}  // namespace replsim
