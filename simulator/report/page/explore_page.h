// The page of `replsim explore --html`: the outcomes of an exploration, in one file that needs no
// network. For each outcome that was shrunk it shows the smallest schedule, the commands that
// repeat it, and the messages between the nodes in a run of it. It is readable without scripts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protos/timeline.pb.h"

namespace replsim {

// The smallest scenario of an outcome, and a run of it.
struct ExplorePageSmallest {
  std::string takes;   // "2 faults: power-loss p, promote best"
  std::string size;    // "2 faults, 1 client, 400ms, 3 replicas"
  std::string faults;  // as in a scenario file, one per line
  std::string run;     // the command that runs its file
  proto::SpaceTime space_time;
  std::string no_picture;  // why `space_time` is empty
};

struct ExplorePageOutcome {
  std::string kind;  // "unpromised-loss"
  bool as_promised = false;
  bool failed = false;
  std::string detail;  // one line; may be empty
  uint64_t count = 0;
  uint64_t first_seed = 0;
  uint64_t shown_seed = 0;  // the one that `detail` and `smallest` are of
  std::string repeat;       // the command that runs it
  bool shrunk = false;
  ExplorePageSmallest smallest{};  // only if `shrunk`
};

struct ExplorePageVariant {
  std::string name;
  uint64_t seeds = 0;
  uint64_t promised = 0;                  // seeds whose mode promises to lose no acknowledged write
  std::vector<std::string> expectations;  // the ones that were judged: "acked_lost == 0"
  std::vector<ExplorePageOutcome> outcomes;
};

struct ExplorePageInput {
  std::string scenario;
  std::string question;  // may be empty
  std::string command;   // repeats the whole exploration
  std::vector<ExplorePageVariant> variants;
};
std::string ExplorePage(const ExplorePageInput& input);

}  // namespace replsim
