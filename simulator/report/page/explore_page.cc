#include "simulator/report/page/explore_page.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/base/escape_html.h"
#include "simulator/metrics/format.h"
#include "simulator/report/page/document.h"
#include "simulator/report/page/sections.h"

namespace replsim {
namespace {

struct OutcomeWords {
  const char* kind;  // class in the style sheet
  const char* sign;
};
OutcomeWords WordsOf(const ExplorePageOutcome& outcome) {
  if (outcome.failed) return {"failed", "✗"};
  if (outcome.as_promised) return {"held", "✓"};
  return {"unjudged", "◆"};
}

std::string IdOf(size_t variant, size_t outcome) {
  return absl::StrCat("outcome-", variant + 1, "-", outcome + 1);
}

std::string Percent(uint64_t part, uint64_t whole) {
  if (whole == 0) return "-";
  return absl::StrFormat("%.2f %%", 100 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string OutcomeRow(const ExplorePageVariant& variant, const ExplorePageOutcome& outcome,
                       const std::string& id) {
  const OutcomeWords words = WordsOf(outcome);
  const std::string name = EscapeHtml(outcome.kind);
  return absl::StrCat(
      "<tr data-kind=\"", name, "\"><th scope=\"row\">", EscapeHtml(variant.name),
      "</th><td><b class=\"", words.kind, "\"><span aria-hidden=\"true\">", words.sign, "</span> ",
      outcome.shrunk ? absl::StrCat("<a href=\"#", id, "\">", name, "</a>") : name, "</b></td><td>",
      Thousands(outcome.count), "</td><td>", Percent(outcome.count, variant.seeds), "</td><td>",
      outcome.first_seed, "</td><td>",
      outcome.shrunk ? EscapeHtml(outcome.smallest.takes) : std::string(), "</td></tr>\n");
}

std::string OutcomesTable(const ExplorePageInput& input) {
  std::string html =
      "<h2 data-copy>Outcomes</h2>\n<table class=\"grid\"><thead><tr><th></th>"
      "<th scope=\"col\">outcome</th><th scope=\"col\">runs</th><th scope=\"col\">rate</th>"
      "<th scope=\"col\">first seed</th><th scope=\"col\">the smallest takes</th></tr></thead>"
      "<tbody>\n";
  for (size_t i = 0; i < input.variants.size(); ++i) {
    const ExplorePageVariant& variant = input.variants[i];
    for (size_t j = 0; j < variant.outcomes.size(); ++j) {
      absl::StrAppend(&html, OutcomeRow(variant, variant.outcomes[j], IdOf(i, j)));
    }
  }
  return html + "</tbody></table>\n";
}

std::string WhatWasJudged(const ExplorePageVariant& variant) {
  std::string text = absl::StrCat(
      "In ", Thousands(variant.promised), " of ", Thousands(variant.seeds),
      " runs the mode promises to lose no acknowledged write. Protocol invariants were checked in "
      "all runs.");
  if (!variant.expectations.empty()) {
    absl::StrAppend(&text, " Expectations judged: ", absl::StrJoin(variant.expectations, ", "),
                    ".");
  }
  return absl::StrCat("<p>", EscapeHtml(absl::StrCat(variant.name, ": ", text)), "</p>\n");
}

std::string Picture(const ExplorePageSmallest& smallest) {
  if (smallest.space_time.lanes().empty()) {
    return absl::StrCat("<p class=\"hint\">No picture: ", EscapeHtml(smallest.no_picture),
                        "</p>\n");
  }
  return SpaceTimeSection(smallest.space_time);
}

std::string OutcomeSection(const ExplorePageVariant& variant, const ExplorePageOutcome& outcome,
                           const std::string& id) {
  const OutcomeWords words = WordsOf(outcome);
  const ExplorePageSmallest& smallest = outcome.smallest;
  return absl::StrCat(
      "<section id=\"", id, "\">\n<h2><span class=\"", words.kind, "\">", EscapeHtml(outcome.kind),
      "</span> · ", EscapeHtml(variant.name), "</h2>\n<p class=\"answer\">It takes ",
      EscapeHtml(smallest.takes), ".</p>\n<p>", EscapeHtml(outcome.detail),
      "</p>\n<p class=\"hint\">The smallest scenario found, from seed ", outcome.shown_seed, ": ",
      EscapeHtml(smallest.size), ".</p>\n<pre>", EscapeHtml(smallest.faults),
      "</pre>\n<p>Run it: <code>", EscapeHtml(smallest.run),
      "</code></p>\n<p>Repeat the seed: <code>", EscapeHtml(outcome.repeat), "</code></p>\n",
      Picture(smallest), "</section>\n");
}

}  // namespace

std::string ExplorePage(const ExplorePageInput& input) {
  std::string body = absl::StrCat("<p class=\"eyebrow\">replsim explore</p>\n<h1>",
                                  EscapeHtml(input.scenario), ", explored</h1>\n");
  if (!input.question.empty()) {
    absl::StrAppend(&body, "<p>", EscapeHtml(input.question), "</p>\n");
  }
  body += OutcomesTable(input);
  for (const ExplorePageVariant& variant : input.variants) body += WhatWasJudged(variant);
  absl::StrAppend(&body, "<p>Repeat all: <code>", EscapeHtml(input.command), "</code></p>\n");
  for (size_t i = 0; i < input.variants.size(); ++i) {
    const ExplorePageVariant& variant = input.variants[i];
    for (size_t j = 0; j < variant.outcomes.size(); ++j) {
      if (!variant.outcomes[j].shrunk) continue;
      absl::StrAppend(&body, OutcomeSection(variant, variant.outcomes[j], IdOf(i, j)));
    }
  }
  return Document(absl::StrCat(input.scenario, ", explored"), body, Charts::kNone);
}

}  // namespace replsim
