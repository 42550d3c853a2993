#include "simulator/serve/live_view.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/escape_html.h"

namespace replsim {
namespace {

constexpr char kStyle[] = R"(<style>
#replsim-live { position: sticky; bottom: 0; padding: .5em 1em; border-top: 1px solid;
                background: Canvas; color: CanvasText; font: 14px system-ui, sans-serif; }
#replsim-live button { font: inherit; margin: .2em; }
#replsim-nodes { display: flex; flex-wrap: wrap; gap: .2em 1.4em; }
#replsim-nodes form { margin: 0; }
#replsim-status:empty { display: none; }
#replsim-status { border: 1px solid; border-left-width: 4px; padding: .2em 1em; margin: 0 0 1em; }
#replsim-status p { margin: .4em 0; }
#replsim-status progress { width: 100%; height: .8em; }
#replsim-status ul { list-style: none; display: flex; flex-wrap: wrap; gap: .2em 1.6em;
                     margin: .2em 0; padding: 0; }
@media print { #replsim-live, #replsim-status { display: none; } }
</style>
)";

constexpr char kScript[] = R"(<script>
(() => {
  const says = document.getElementById("replsim-says");
  const status = document.getElementById("replsim-status");
  document.querySelector("main")?.prepend(status);
  const events = new EventSource("/events");
  events.addEventListener("update", event => {
    says.textContent = "Live: the report was updated at " + new Date().toLocaleTimeString();
    window.dispatchEvent(new CustomEvent("replsim-update", {detail: JSON.parse(event.data)}));
  });
  // Made by replsim: text in it is escaped.
  events.addEventListener("status", event => { status.innerHTML = event.data; });
  events.onerror = () => {
    says.textContent = "Not connected: replsim has ended. This page no longer changes.";
    status.replaceChildren();
  };
  const post = async (path, body, what) => {
    const done = document.getElementById("replsim-done");
    try {
      const answer = await fetch(path, {method: "POST", body});
      done.textContent = answer.ok ? what + " was injected" : await answer.text();
    } catch (error) {
      done.textContent = String(error);
    }
  };
  const buttons = "#replsim-live button[value], #replsim-live [data-do]";
  for (const button of document.querySelectorAll(buttons)) {
    button.addEventListener("click", async () => {
      button.disabled = true;
      const words = button.dataset.do;
      await (words ? post("/do", words, words)
        : post("/fault/" + button.value, "", button.textContent));
      button.disabled = false;
    });
  }
  document.querySelector("#replsim-nodes form")?.addEventListener("submit", event => {
    event.preventDefault();
    const words = event.target.querySelector("input").value;
    post("/do", words, words);
  });
})();
</script>
)";

// A row of buttons for each node, and a line for faults in words.
std::string NodePanel(const std::vector<std::string>& nodes) {
  if (nodes.empty()) return "";
  std::string html = "<div id=\"replsim-nodes\">";
  for (const std::string& node : nodes) {
    const std::string id = EscapeHtml(node);
    absl::StrAppend(&html, "<span><b>", id, "</b> ");
    for (const char* verb :
         {"kill", "power-loss", "restart", "pause", "resume", "isolate", "promote"}) {
      absl::StrAppend(&html, "<button data-do=\"", verb, " ", id, "\">", verb, "</button>");
    }
    html += "</span>";
  }
  return html +
         "<form><input aria-label=\"fault in words\" placeholder=\"partition p r1\"> "
         "<button>Do</button></form></div>";
}

}  // namespace

std::string Pack(const LiveView& view) {
  return absl::StrCat(view.page.size(), " ", view.update.size(), "\n", view.page, view.update);
}

absl::StatusOr<LiveView> Unpack(absl::string_view packed) {
  const size_t space = packed.find(' ');
  const size_t line = packed.find('\n');
  size_t page = 0;
  size_t update = 0;
  if (space == absl::string_view::npos || line == absl::string_view::npos || line < space ||
      !absl::SimpleAtoi(packed.substr(0, space), &page) ||
      !absl::SimpleAtoi(packed.substr(space + 1, line - space - 1), &update) ||
      packed.size() - line - 1 < page || packed.size() - line - 1 - page != update) {
    return absl::DataLossError("the view of the run is incomplete");
  }
  packed.remove_prefix(line + 1);
  return LiveView{std::string(packed.substr(0, page)), std::string(packed.substr(page))};
}

std::string WithLiveControls(absl::string_view page, absl::string_view status,
                             const std::vector<std::string>& faults,
                             const std::vector<std::string>& nodes) {
  std::string controls = absl::StrCat(
      kStyle, "<div id=\"replsim-status\" role=\"status\">", status,
      "</div><div id=\"replsim-live\"><span id=\"replsim-says\">Live: waiting for the first "
      "data</span>\n");
  for (size_t i = 0; i < faults.size(); ++i) {
    absl::StrAppend(&controls, "<button value=\"", i + 1, "\">", EscapeHtml(faults[i]),
                    "</button>\n");
  }
  absl::StrAppend(&controls, NodePanel(nodes), "<output id=\"replsim-done\"></output></div>\n",
                  kScript);
  const size_t end = page.rfind("</body>");
  if (end == absl::string_view::npos) return absl::StrCat(page, controls);
  return absl::StrCat(page.substr(0, end), controls, page.substr(end));
}

}  // namespace replsim
