#include "simulator/command/play_command.h"

#include <cstdio>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "simulator/command/exit_status.h"
#include "simulator/command/interrupt.h"
#include "simulator/command/output_paths.h"
#include "simulator/play/play_assets.h"
#include "simulator/play/play_page.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/scenario/scenario.h"
#include "simulator/serve/play_server.h"

namespace replsim {
namespace {

// A scenario that varies something is played with the first of each list.
absl::StatusOr<PlayStart> StartOf(const PlayOptions& options) {
  PlayStart start{kPlayScenario, "the built-in scenario", options.sets};
  if (!options.scenario_path.empty()) {
    REPL_ASSIGN_OR_RETURN(start.yaml, ReadFileBytes(options.scenario_path));
    start.source = options.scenario_path;
  }
  REPL_ASSIGN_OR_RETURN(const LoadedScenario loaded,
                        LoadScenarioText(start.yaml, start.source, options.sets, {}));
  for (const proto::Vary& vary : loaded.scenario.vary()) {
    start.sets.push_back(absl::StrCat(vary.path(), "=", vary.values(0)));
  }
  return start;
}

}  // namespace

int Play(const PlayOptions& options) {
  absl::StatusOr<PlayStart> start = StartOf(options);
  if (!start.ok()) return UsageError(start.status());
  if (const absl::Status fits = CheckCanFill("--out", options.out); !fits.ok()) {
    return UsageError(fits);
  }
  InterruptWait interrupted;
  PlayServer::Options server;
  server.port = options.port;
  server.page = PlayPage(*start);
  server.program = "/proc/self/exe";
  server.folder = absl::StrCat(options.out, "/play");
  const absl::StatusOr<std::unique_ptr<PlayServer>> play = PlayServer::Open(std::move(server));
  if (!play.ok()) return UsageError(play.status());
  std::fprintf(stderr, "playing %s at %s until Ctrl-C\n", start->source.c_str(),
               (*play)->url().c_str());
  interrupted.Wait();
  return kExitHeld;
}

}  // namespace replsim
