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
  // `registers` must outlive this object.
  SuspectReads(const Registers& registers, const CandidateOrder& order);

  // Whether a suspect read saw the write of rank `place` or an older one of this key, and did not
  // begin before the operation `shown_by` ended. Only then can a fact that this operation showed,
  // namely that this write existed, be contradicted.
  bool CanContradict(uint32_t key, uint32_t place, uint32_t shown_by) const;

 private:
  struct Suspect {
    int64_t begin = 0;
    uint32_t place = 0;  // of the write that it or a later suspect read saw: the lowest
  };

  const Registers& registers_;
  bool all_ = false;                            // every read counts as suspect
  std::vector<std::vector<Suspect>> suspects_;  // by key, in order of begin
};

}  // namespace replsim::judge
