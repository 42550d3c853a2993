// Reads that could show a violation of a session guarantee, found by time alone, so that the facts
// that clients pass on need to be followed only as far as such reads need them.
//
// A read is suspect if a write after the one it saw, in the candidate order, had certainly taken
// effect when the read began. A client that had learned of that write, however many clients the
// news passed through, learned it from operations that ended one before the other. So a read that
// is not suspect contradicts no fact. This needs clients whose operations follow each other in
// time; otherwise every read counts as suspect.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "simulator/judge/candidate_order.h"
#include "simulator/judge/registers.h"

namespace replsim::judge {

class SuspectReads {
 public:
  SuspectReads(const Registers& registers, const CandidateOrder& order);

  // Whether a suspect read that began at `end` or later saw the write of rank `place` or an older
  // one of this key. Only then can the fact that this write existed at `end` be contradicted.
  bool CanContradict(uint32_t key, uint32_t place, int64_t end) const;

 private:
  struct Suspect {
    int64_t begin = 0;
    uint32_t place = 0;  // of the write that it or a later suspect read saw: the lowest
  };

  bool all_ = false;                            // every read counts as suspect
  std::vector<std::vector<Suspect>> suspects_;  // by key, in order of begin
};

}  // namespace replsim::judge
