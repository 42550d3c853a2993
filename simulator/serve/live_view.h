// What is shown of a run that goes on: the seam between who makes it and who serves it. It is made
// by a process of its own, out of what has been recorded so far (view_loop.h), and is text here.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace replsim {

struct LiveView {
  std::string page;    // a whole HTML document
  std::string update;  // JSON in one line: what a page that is open already has to show now
};

// As one text, for a pipe.
std::string Pack(const LiveView& view);
// DataLoss where the text was cut short.
absl::StatusOr<LiveView> Unpack(absl::string_view packed);

// The page with the live parts put before its </body>: `status` (HTML: what runs), which the script
// moves to the top and replaces with every event `status`; a line that says whether updates come; a
// button for each of `faults` (in words, in the scenario's order; none: no buttons); and a script
// that hands the JSON of every update to the page's own code, as the `detail` of an event
// `replsim-update` on `window`.
std::string WithLiveControls(absl::string_view page, absl::string_view status,
                             const std::vector<std::string>& faults);

}  // namespace replsim
