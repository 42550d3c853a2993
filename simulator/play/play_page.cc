#include "simulator/play/play_page.h"

#include "absl/strings/str_cat.h"
#include "simulator/play/play_assets.h"
#include "simulator/report/page/assets.h"
#include "simulator/report/page/document.h"
#include "simulator/report/page/html.h"
#include "simulator/scenario/election_presets.h"
#include "simulator/scenario/presets.h"

namespace replsim {
namespace {

template <typename T>
std::string NamesOf(const std::vector<T>& presets) {
  std::string json = "[";
  for (const T& preset : presets) {
    absl::StrAppend(&json, json.size() > 1 ? "," : "", "[", JsonString(preset.name), ",",
                    JsonString(preset.description), "]");
  }
  return json + "]";
}

std::string StartJson(const PlayStart& start) {
  std::string sets = "[";
  for (const std::string& set : start.sets) {
    absl::StrAppend(&sets, sets.size() > 1 ? "," : "", JsonString(set));
  }
  return absl::StrCat("{\"yaml\":", JsonString(start.yaml),
                      ",\"source\":", JsonString(start.source), ",\"sets\":", sets,
                      "],\"presets\":", NamesOf(Presets()),
                      ",\"elections\":", NamesOf(ElectionPresets()), "}");
}

}  // namespace

std::string PlayPage(const PlayStart& start) {
  return Document("replsim play",
                  absl::StrCat("<style>\n", kUplotCss, "\n", kPlayCss, "</style>\n", kPlayHtml,
                               "<script type=\"application/json\" id=\"start\">", StartJson(start),
                               "</script>\n<script>\n", kUplotJs, "\n</script>\n<script>\n",
                               kReplayModelJs, kReplayViewJs, kReplayPlayerJs, kPlayControlsJs,
                               kPlayFaultsJs, kPlayResultsJs, kPlayJs, "</script>\n"),
                  Charts::kNone);
}

}  // namespace replsim
