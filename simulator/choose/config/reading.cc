#include "simulator/choose/config/reading.h"

#include <cctype>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

struct ConfigSystem {
  const char* word;  // in the file's name
  absl::StatusOr<ConfigFile> (*parse)(const std::string& text, const std::string& path);
  absl::StatusOr<ConfigReading> (*read)(const ConfigFile& file);
};
constexpr ConfigSystem kSystems[] = {
    {"postgres", ParsePostgresConf, ReadPostgres},
    {"mongo", ParseMongodConf, ReadMongodb},
    {"redis", ParseRedisConf, ReadRedis},
    {"valkey", ParseRedisConf, ReadRedis},
    {".cnf", ParseMyCnf, ReadMysql},
};

}  // namespace

absl::StatusOr<bool> ReadBool(const ConfigFile& file, const ConfigSetting& setting) {
  const std::string value = absl::AsciiStrToLower(setting.value);
  // An option without a value is on.
  for (const absl::string_view word : {"", "on", "true", "yes", "1"}) {
    if (value == word) return true;
  }
  for (const absl::string_view word : {"off", "false", "no", "0"}) {
    if (value == word) return false;
  }
  return file.Refuse(setting, "expected on or off");
}

absl::StatusOr<std::string> ReadTime(const ConfigFile& file, const ConfigSetting& setting,
                                     const std::string& unit) {
  std::string text = setting.value;
  if (!text.empty() && absl::ascii_isdigit(static_cast<unsigned char>(text.back()))) text += unit;
  if (absl::EndsWith(text, "min")) text.resize(text.size() - 2);
  std::string joined;
  for (const char c : text) {
    if (c != ' ') joined += c;
  }
  const absl::StatusOr<proto::Duration> time = ParseDuration(joined);
  if (!time.ok()) return file.Refuse(setting, "expected a time, for example 200ms");
  return ToText(*time);
}

absl::StatusOr<uint32_t> ReadCount(const ConfigFile& file, const ConfigSetting& setting) {
  uint32_t count = 0;
  if (absl::SimpleAtoi(setting.value, &count)) return count;
  return file.Refuse(setting, "expected a whole number");
}

absl::StatusOr<ConfigReading> ReadConfiguration(const std::string& text, const std::string& path) {
  const std::string name = absl::AsciiStrToLower(path.substr(path.rfind('/') + 1));
  for (const ConfigSystem& system : kSystems) {
    if (!absl::StrContains(name, system.word)) continue;
    REPL_ASSIGN_OR_RETURN(const ConfigFile file, system.parse(text, path));
    REPL_ASSIGN_OR_RETURN(ConfigReading reading, system.read(file));
    for (const ConfigSetting& include : file.includes) {
      reading.findings.push_back(
          {file.PlaceOf(&include),
           absl::StrCat(include.name, " ", include.value, ": the other file is not read")});
    }
    return reading;
  }
  return absl::InvalidArgumentError(
      absl::StrCat(path,
                   ": cannot tell the system; expected a name that contains postgres, redis, "
                   "valkey or mongo, or that ends in .cnf"));
}

}  // namespace replsim
