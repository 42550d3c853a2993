// Deliberate mistakes in the protocol, to see whether exploring would find them. Each stands where
// it would be made:
//
//   if (Mutated(Mutant::kAckBeforeFlush)) …
//
// A build without REPLSIM_MUTANTS contains no trace of them: the condition is the constant false.
// With it (tests/mutants.cmake) the one that the environment variable REPLSIM_MUTANT names is made.
#pragma once

#include <array>
#include <optional>

#include "absl/strings/string_view.h"

namespace replsim {

enum class Mutant {
  kNone,
  kAckBeforeFlush,              // "flushed" is answered for what is only in the log buffer
  kApplyOutOfOrder,             // of two batches that a replica may apply, the later one first
  kSkipOnReconnect,             // a replica that comes back is sent all but the first record
  kApplyTwiceAfterRetry,        // a request that comes again is a new one, to every node
  kAcceptStaleEpoch,            // neither role minds who is of a lower epoch
  kTruncateTooLittle,           // a replica keeps what it has of the common epoch
  kTruncateTooMuch,             // and here nothing of it
  kForgetEpochOnRestart,        // the highest epoch promised to is not read back
  kCountOneReplicaTwice,        // in every sync set
  kStayProtectedWhileDegraded,  // no answer says that it is unprotected
};

#ifdef REPLSIM_MUTANTS

// An environment variable that names none of them ends the process.
bool Mutated(Mutant mutant);

// All but kNone.
inline constexpr std::array<Mutant, 10> kAllMutants = {
    Mutant::kAckBeforeFlush,       Mutant::kApplyOutOfOrder,
    Mutant::kSkipOnReconnect,      Mutant::kApplyTwiceAfterRetry,
    Mutant::kAcceptStaleEpoch,     Mutant::kTruncateTooLittle,
    Mutant::kTruncateTooMuch,      Mutant::kForgetEpochOnRestart,
    Mutant::kCountOneReplicaTwice, Mutant::kStayProtectedWhileDegraded,
};

// "ack-before-flush"
const char* Name(Mutant mutant);
std::optional<Mutant> ParseMutant(absl::string_view name);

#else

constexpr bool Mutated(Mutant) { return false; }

#endif

}  // namespace replsim
