#include "simulator/report/page/verdicts.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/escape_html.h"

namespace replsim {
namespace {

std::string Verdict(const proto::ExpectationResult& result) {
  const char* kind = !result.has_held() ? "unjudged" : result.held() ? "held" : "failed";
  const char* sign = !result.has_held() ? "?" : result.held() ? "✓" : "✗";
  const char* word = !result.has_held() ? "not judged" : result.held() ? "held" : "not held";
  return absl::StrCat("<li class=\"", kind, "\"><b><span aria-hidden=\"true\">", sign, "</span> ",
                      word, "</b> ", EscapeHtml(result.text()), " <span class=\"measured\">(",
                      EscapeHtml(result.measured()), ")</span></li>\n");
}

std::string Violated(const std::string& violation) {
  return absl::StrCat(
      "<li class=\"failed\"><b><span aria-hidden=\"true\">✗</span> invariant violated</b> ",
      EscapeHtml(violation), "</li>\n");
}

// The scenario's answer if every expectation held; otherwise where to look.
std::string Answer(const std::string& answer, const std::vector<proto::ExpectationResult>& results,
                   const std::vector<std::string>& violations) {
  if (!violations.empty()) return "An invariant was violated: the run failed.";
  bool failed = false;
  bool unjudged = false;
  for (const proto::ExpectationResult& result : results) {
    failed |= result.has_held() && !result.held();
    unjudged |= !result.has_held();
  }
  if (failed) return "Not as expected: see the expectations that did not hold.";
  if (unjudged) return "Not judged: see what is missing.";
  return answer;
}

}  // namespace

std::string VerdictsHtml(const std::string& answer,
                         const std::vector<proto::ExpectationResult>& results,
                         const std::vector<std::string>& violations) {
  std::string html;
  const std::string sentence = Answer(answer, results, violations);
  if (!sentence.empty()) {
    absl::StrAppend(&html, "<p class=\"answer\">", EscapeHtml(sentence), "</p>\n");
  }
  if (results.empty() && violations.empty()) return html;
  absl::StrAppend(&html, "<ul class=\"verdicts\">\n");
  for (const std::string& violation : violations) absl::StrAppend(&html, Violated(violation));
  for (const proto::ExpectationResult& result : results) absl::StrAppend(&html, Verdict(result));
  return html + "</ul>\n";
}

std::string GuaranteesHtml(const std::string& text) {
  std::string held = text;
  std::string failed;
  const size_t at = held.find("; NOT ");
  if (at != std::string::npos) {
    failed = held.substr(at + 2);
    held.erase(at);
  }
  const bool any = absl::EndsWith(held, " held") && !absl::StartsWith(held, "no ");
  std::string html =
      any ? absl::StrCat("<b class=\"held\">", EscapeHtml(held), "</b>") : EscapeHtml(held);
  if (failed.empty()) return html;
  const size_t colon = std::min(failed.find(':'), failed.size());
  absl::StrAppend(&html, "; <b class=\"failed\">", EscapeHtml(failed.substr(0, colon)), "</b>",
                  EscapeHtml(failed.substr(colon)));
  return html;
}

}  // namespace replsim
