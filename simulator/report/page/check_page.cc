#include "simulator/report/page/check_page.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/escape_html.h"
#include "simulator/metrics/format.h"
#include "simulator/report/page/document.h"
#include "simulator/report/page/witness_drawing.h"

namespace replsim {
namespace {

using Holds = CheckPageVerdict::Holds;

struct VerdictWords {
  const char* kind;  // class in the style sheet
  const char* sign;
  const char* word;
};
VerdictWords WordsFor(Holds holds) {
  switch (holds) {
    case Holds::kYes:
      return {"held", "✓", "holds"};
    case Holds::kNo:
      return {"failed", "✗", "does NOT hold"};
    case Holds::kUnknown:
      break;
  }
  return {"unjudged", "?", "unknown"};
}

// The summary of all verdicts.
Holds HoldsAll(const CheckPageHistory& history) {
  Holds all = history.verdicts.empty() ? Holds::kUnknown : Holds::kYes;
  for (const CheckPageVerdict& verdict : history.verdicts) {
    if (verdict.holds == Holds::kNo) return Holds::kNo;
    if (verdict.holds == Holds::kUnknown) all = Holds::kUnknown;
  }
  return all;
}

// "causal holds; strict-serializable does NOT hold".
std::string StrongestText(const CheckPageHistory& history) {
  const auto first = [&](Holds holds) {
    return std::find_if(history.verdicts.begin(), history.verdicts.end(),
                        [&](const CheckPageVerdict& verdict) { return verdict.holds == holds; });
  };
  std::vector<std::string> parts;
  for (const Holds holds : {Holds::kYes, Holds::kNo, Holds::kUnknown}) {
    const auto verdict = first(holds);
    if (verdict == history.verdicts.end()) continue;
    parts.push_back(absl::StrCat(verdict->guarantee, " ", WordsFor(holds).word));
  }
  if (parts.empty()) return "this history cannot show what was asked for";
  return absl::StrJoin(parts, "; ");
}

std::string Contents(const std::vector<CheckPageHistory>& histories) {
  if (histories.size() < 2) return "";
  std::string html =
      "<table class=\"grid\"><thead><tr><th scope=\"col\">history</th><th scope=\"col\">verdict"
      "</th></tr></thead><tbody>\n";
  for (size_t i = 0; i < histories.size(); ++i) {
    const CheckPageHistory& history = histories[i];
    const VerdictWords words = WordsFor(HoldsAll(history));
    absl::StrAppend(&html, "<tr><td><a href=\"#history-", i + 1, "\">", EscapeHtml(history.name),
                    "</a></td><td><b class=\"", words.kind, "\"><span aria-hidden=\"true\">",
                    words.sign, "</span></b> ",
                    history.error.empty() ? EscapeHtml(StrongestText(history)) : "cannot be read",
                    "</td></tr>\n");
  }
  return html + "</tbody></table>\n";
}

std::string VerdictItem(const CheckPageVerdict& verdict) {
  const VerdictWords words = WordsFor(verdict.holds);
  return absl::StrCat("<li class=\"", words.kind, "\" data-guarantee=\"",
                      EscapeHtml(verdict.guarantee), "\"><b><span aria-hidden=\"true\">",
                      words.sign, "</span> ", EscapeHtml(verdict.guarantee), " ", words.word,
                      "</b> <span class=\"measured\">", EscapeHtml(verdict.reason),
                      "</span></li>\n");
}

std::string Assumptions(const CheckPageHistory& history) {
  if (history.assumptions.empty()) return "";
  std::string html = "<div class=\"notice\"><h3>Assumed</h3><ul>\n";
  for (const std::string& assumption : history.assumptions) {
    absl::StrAppend(&html, "<li>", EscapeHtml(assumption), "</li>\n");
  }
  return html + "</ul></div>\n";
}

std::string HistorySection(const CheckPageHistory& history, size_t number) {
  std::string html = absl::StrCat("<section id=\"history-", number, "\">\n<h2>",
                                  EscapeHtml(history.name), "</h2>\n");
  if (!history.error.empty()) {
    return absl::StrCat(html, "<p class=\"alarm\">", EscapeHtml(history.error),
                        "</p>\n</section>\n");
  }
  absl::StrAppend(&html, "<p class=\"eyebrow\">", EscapeHtml(history.contents),
                  "</p>\n<p class=\"answer\">", EscapeHtml(StrongestText(history)),
                  "</p>\n<ul class=\"verdicts\">\n");
  for (const CheckPageVerdict& verdict : history.verdicts) {
    absl::StrAppend(&html, VerdictItem(verdict));
  }
  absl::StrAppend(&html, "</ul>\n", Assumptions(history));
  for (const CheckPageVerdict& verdict : history.verdicts) {
    if (verdict.picture.empty()) continue;
    absl::StrAppend(&html, "<h3>Why ", EscapeHtml(verdict.guarantee), " does not hold</h3>\n",
                    WitnessHtml(verdict.picture, absl::StrCat("Not ", verdict.guarantee)));
  }
  return html + "</section>\n";
}

std::string Heading(const std::vector<CheckPageHistory>& histories) {
  const auto count = [&](Holds holds) {
    return std::count_if(histories.begin(), histories.end(), [&](const CheckPageHistory& history) {
      return history.error.empty() && HoldsAll(history) == holds;
    });
  };
  const auto unreadable =
      std::count_if(histories.begin(), histories.end(),
                    [](const CheckPageHistory& history) { return !history.error.empty(); });
  std::vector<std::string> parts;
  const auto add = [&](int64_t number, const char* what) {
    if (number > 0) parts.push_back(absl::StrCat(number, " ", what));
  };
  add(count(Holds::kNo), "violated");
  add(count(Holds::kUnknown), "unknown");
  add(unreadable, "unreadable");
  add(count(Holds::kYes), "without a violation");
  return absl::StrCat(histories.size() == 1
                          ? std::string("1 history")
                          : absl::StrCat(Thousands(histories.size()), " histories"),
                      parts.empty() ? "" : ": ", absl::StrJoin(parts, ", "));
}

}  // namespace

std::string CheckPage(const std::vector<CheckPageHistory>& histories) {
  std::string body = absl::StrCat("<p class=\"eyebrow\">replsim check</p>\n<h1>",
                                  Heading(histories), "</h1>\n", Contents(histories));
  for (size_t i = 0; i < histories.size(); ++i) {
    absl::StrAppend(&body, HistorySection(histories[i], i + 1));
  }
  return Document("replsim check", body, Charts::kNone);
}

}  // namespace replsim
