#include "simulator/report/page/html.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/check.h"
#include "common/base/escape_html.h"

namespace replsim {
namespace {

// "<" occurs in JSON only within strings, where it may be escaped.
std::string WithoutTags(const std::string& json) {
  return absl::StrReplaceAll(json,
                             {{"<", "\\u003c"}, {"\u2028", "\\u2028"}, {"\u2029", "\\u2029"}});
}

}  // namespace

std::string JsonForScript(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  REPL_CHECK(status.ok(), "a message of a page has no JSON form");
  return WithoutTags(json);
}

std::string JsonString(absl::string_view text) {
  google::protobuf::Value value;
  value.set_string_value(std::string(text));
  return JsonForScript(value);
}

std::string GridHead(const std::vector<std::string>& cells) {
  std::string html = "<table class=\"grid\"><thead><tr>";
  for (const std::string& cell : cells) {
    absl::StrAppend(&html, "<th scope=\"col\">", EscapeHtml(cell), "</th>");
  }
  return html + "</tr></thead><tbody>\n";
}

}  // namespace replsim
