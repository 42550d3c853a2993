#include "simulator/command/scale_times.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace replsim {
namespace {

// "1/100" or "0.01".
std::optional<double> ParseFactor(const std::string& text) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits('/', 1));
  double above = 0, below = 1;
  if (!absl::SimpleAtod(parts.first, &above)) return std::nullopt;
  const bool fraction = text.find('/') != std::string::npos;
  if (fraction && !absl::SimpleAtod(parts.second, &below)) return std::nullopt;
  if (!(above > 0) || !(below > 0)) return std::nullopt;
  return above / below;
}

}  // namespace

void AddScaleTimes(CLI::App* app, std::vector<std::string>* sets) {
  app->add_option_function<std::string>(
         "--scale-times",
         [sets](const std::string& text) {
           const std::optional<double> factor = ParseFactor(text);
           if (!factor) {
             throw CLI::ValidationError(
                 "--scale-times",
                 absl::StrCat("'", text, "' is not a factor; expected e.g. 1/100 or 0.01"));
           }
           sets->push_back(absl::StrCat("replication.scale_times=", *factor));
         },
         "FACTOR such as 1/100: multiply every time set by the preset (timeouts, heartbeats, flush "
         "interval, promotion)")
      ->type_name("FACTOR");
}

}  // namespace replsim
