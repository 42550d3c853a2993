#include "simulator/command/common_options.h"

#include <cstdint>
#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace replsim {
namespace {

std::string NotWhole(const std::string& text) {
  uint64_t number = 0;
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (digits && absl::SimpleAtoi(text, &number)) return "";
  return absl::StrCat("'", text, "' is not a whole number; expected 0 to ",
                      std::numeric_limits<uint64_t>::max());
}

}  // namespace

const CLI::Validator& kWholeNumber = *new CLI::Validator(NotWhole, "", "whole number");

void AddScenarioFile(CLI::App* command, std::string* path) {
  command->add_option("scenario", *path, "The scenario file")->type_name("FILE")->required();
}

void AddOverrides(CLI::App* command, std::vector<std::string>* sets,
                  std::vector<std::string>* varies) {
  command->add_option("--set", *sets, "Override one setting; may be repeated")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  command->add_option("--vary", *varies, "One variant per value; may be repeated")
      ->type_name("PATH=A,B,…")
      ->allow_extra_args(false);
}

void AddReportOutputs(CLI::App* command, ReportOutputs* outputs) {
  command
      ->add_option("--json", outputs->json,
                   "Also write the report as JSON to this file (-: stdout)")
      ->type_name("FILE");
  command
      ->add_option("--markdown", outputs->markdown,
                   "Also write the report as Markdown to this file (-: stdout)")
      ->type_name("FILE");
  command->add_option("--junit", outputs->junit, "Also write the verdict as JUnit XML to this file")
      ->type_name("FILE");
}

void AddExamples(CLI::App* command, const std::vector<std::string>& commands,
                 const std::string& notes) {
  std::string text = "Examples:";
  for (const std::string& line : commands) absl::StrAppend(&text, "\n  ", line);
  if (!notes.empty()) absl::StrAppend(&text, "\n\n", notes);
  command->footer(text);
}

}  // namespace replsim
