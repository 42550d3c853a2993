#include "simulator/command/live_status.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "common/base/escape_html.h"
#include "simulator/command/progress.h"
#include "simulator/metrics/format.h"

namespace replsim {
namespace {

constexpr size_t kNodesShown = 20;

double Seconds(Nanos time) { return std::chrono::duration<double>(time).count(); }

// "<b>async</b>, variant 1 of 3"
std::string Named(const RunPlace& place) {
  const std::string name =
      absl::StrReplaceAll(EscapeHtml(place.variant), {{"\n", " "}, {"\r", " "}});
  std::string text = absl::StrCat("<b>", name, "</b>");
  if (place.count > 1) absl::StrAppend(&text, ", variant ", place.number, " of ", place.count);
  if (place.repeats > 1) absl::StrAppend(&text, ", repeat ", place.repeat, " of ", place.repeats);
  return text;
}

std::string PhaseText(const RunPlace& place, const RunSnapshot& glance) {
  const double duration = Seconds(place.duration);
  if (glance.phase == "starting") return "starting the cluster";
  if (glance.phase == "load" && place.duration == Nanos(0)) {
    return absl::StrFormat("%.0f s", Seconds(glance.elapsed));
  }
  if (glance.phase == "load") {
    return absl::StrFormat("%.0f s of %.0f s", std::min(Seconds(glance.elapsed), duration),
                           duration);
  }
  const char* now = glance.phase == "healing"      ? "ending the faults"
                    : glance.phase == "converging" ? "waiting for the replicas to catch up"
                                                   : "reading the final logs";
  return absl::StrFormat("load ended after %.0f s · %s", duration, now);
}

std::string NodeHtml(const NodeSnapshot& node, const RunSnapshot& glance, uint64_t appended) {
  const std::string state = NodeStateText(node, glance.primary);
  const bool primary = node.id == glance.primary;
  const bool bad = state == "down" || state == "stopped" || state == "fenced";
  const bool odd = state == "paused" || state == "disconnected" || state == "starting" ||
                   state == "primary, unprotected";
  std::string text = absl::StrCat("<li class=\"",
                                  bad   ? "failed"
                                  : odd ? "unjudged"
                                        : "held",
                                  "\"><b>", EscapeHtml(node.id.name()), "</b> ", state);
  if (node.state == NodeState::kUp && appended > 0) {
    const uint64_t applied = node.core.apply.value();
    absl::StrAppend(&text, primary ? " · at LSN " : " · ",
                    Thousands(primary              ? appended
                              : appended > applied ? appended - applied
                                                   : 0),
                    primary ? "" : " entries behind");
  }
  return text + "</li>";
}

}  // namespace

std::string RunningHtml(const RunPlace& place, const RunSnapshot& glance) {
  const double done = glance.phase == "starting" ? 0
                      : glance.phase == "load"   ? Seconds(glance.elapsed)
                                                 : Seconds(place.duration);
  std::string html = absl::StrFormat(
      "<p>Running: %s · %s · %s writes committed</p><progress max=\"%.3f\" value=\"%.3f\">"
      "</progress><ul>",
      Named(place), PhaseText(place, glance), Thousands(glance.committed), Seconds(place.duration),
      done);
  uint64_t appended = 0;
  for (const NodeSnapshot& node : glance.nodes) {
    if (node.id == glance.primary) appended = node.core.append.lsn.value();
  }
  for (size_t i = 0; i < std::min(glance.nodes.size(), kNodesShown); ++i) {
    html += NodeHtml(glance.nodes[i], glance, appended);
  }
  if (glance.nodes.size() > kNodesShown) {
    absl::StrAppend(&html, "<li>and ", glance.nodes.size() - kNodesShown, " more</li>");
  }
  return html +
         "</ul><p class=\"hint\">“Acknowledged, then lost” and the expectations are known "
         "after the run.</p>";
}

std::string StatusText(const RunSnapshot& glance) {
  std::string text;
  for (const NodeSnapshot& node : glance.nodes) {
    absl::StrAppendFormat(&text, "%-4s %-22s", node.id.name(), NodeStateText(node, glance.primary));
    if (node.state == NodeState::kUp) {
      absl::StrAppend(&text, " log ends at ", node.core.append.epoch.value(), ":",
                      node.core.append.lsn.value(), ", applied ", node.core.apply.value());
    }
    text += "\n";
  }
  absl::StrAppendFormat(&text, "%s, %.1f s, %s writes committed by the load\n", glance.phase,
                        Seconds(glance.elapsed), Thousands(glance.committed));
  return text;
}

std::string FinishedHtml(const RunPlace& last) {
  return absl::StrCat("<p>Finished. This page shows ", Named(last),
                      ". It stays until replsim is ended with Ctrl-C.</p>");
}

}  // namespace replsim
