#include "common/base/mutant.h"

#ifdef REPLSIM_MUTANTS

#include <cstdlib>

#include "common/base/check.h"

namespace replsim {
namespace {

Mutant FromEnvironment() {
  const char* name = std::getenv("REPLSIM_MUTANT");
  if (name == nullptr) return Mutant::kNone;
  const std::optional<Mutant> mutant = ParseMutant(name);
  REPL_CHECK(mutant.has_value(), "REPLSIM_MUTANT is ", name, ", which is none");
  return *mutant;
}

}  // namespace

bool Mutated(Mutant mutant) {
  static const Mutant chosen = FromEnvironment();
  return mutant == chosen;
}

const char* Name(Mutant mutant) {
  switch (mutant) {
    case Mutant::kNone:
      return "none";
    case Mutant::kAckBeforeFlush:
      return "ack-before-flush";
    case Mutant::kApplyOutOfOrder:
      return "apply-out-of-order";
    case Mutant::kSkipOnReconnect:
      return "skip-on-reconnect";
    case Mutant::kApplyTwiceAfterRetry:
      return "apply-twice-after-retry";
    case Mutant::kAcceptStaleEpoch:
      return "accept-stale-epoch";
    case Mutant::kTruncateTooLittle:
      return "truncate-too-little";
    case Mutant::kTruncateTooMuch:
      return "truncate-too-much";
    case Mutant::kForgetEpochOnRestart:
      return "forget-epoch-on-restart";
    case Mutant::kCountOneReplicaTwice:
      return "count-one-replica-twice";
    case Mutant::kStayProtectedWhileDegraded:
      return "stay-protected-while-degraded";
  }
  return "?";
}

std::optional<Mutant> ParseMutant(absl::string_view name) {
  if (name == Name(Mutant::kNone)) return Mutant::kNone;
  for (const Mutant mutant : kAllMutants) {
    if (name == Name(mutant)) return mutant;
  }
  return std::nullopt;
}

}  // namespace replsim

#endif
