// The view of an active run, passed from the process that creates it to the process that serves it.
// A separate process creates the view from the data recorded so far (view_loop.h).
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace replsim {

struct LiveView {
  std::string page;    // a whole HTML document
  std::string update;  // JSON on one line: the update for pages that are already open
};

// Serializes the view for a pipe.
std::string Pack(const LiveView& view);
// DataLoss if the text is incomplete.
absl::StatusOr<LiveView> Unpack(absl::string_view packed);

// Inserts the live parts before the page's </body>:
//   - `status`: HTML about the active runs. The script moves it to the top, and replaces it with
//     every event `status`.
//   - a line that says whether updates arrive
//   - one button per fault of `faults`: their descriptions, in the scenario's order; may be empty
//   - a panel with the verbs for each node of `nodes`; may be empty
//   - a script that passes the JSON of every update to the page's own code, as the `detail` of an
//     event `replsim-update` on `window`
std::string WithLiveControls(absl::string_view page, absl::string_view status,
                             const std::vector<std::string>& faults,
                             const std::vector<std::string>& nodes = {});

}  // namespace replsim
