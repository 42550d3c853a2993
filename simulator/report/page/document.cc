#include "simulator/report/page/document.h"

#include "absl/strings/str_cat.h"
#include "common/base/escape_html.h"
#include "simulator/report/page/assets.h"

namespace replsim {

std::string Document(absl::string_view title, absl::string_view body, Charts charts) {
  const bool drawn = charts == Charts::kDrawn;
  std::string html = absl::StrCat(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      // Without an icon in the page a browser requests one from the server.
      "<link rel=\"icon\" href=\"data:,\">\n<title>",
      EscapeHtml(title), "</title>\n<style>\n", drawn ? kUplotCss : "", "\n", kPageCss,
      "</style>\n</head>\n<body>\n<main>\n", body, "</main>\n<script>\n", kPageToolsJs,
      "</script>\n");
  if (drawn) {
    absl::StrAppend(&html, "<script>\n", kUplotJs, "\n</script>\n<script>\n", kChartBandsJs,
                    kChartLegendJs, kChartMomentJs, kChartsJs, "</script>\n<script>\n",
                    kReplayModelJs, kReplayViewJs, kReplayPlayerJs, kReplayPageJs, "</script>\n");
  }
  return html + "</body>\n</html>\n";
}

}  // namespace replsim
