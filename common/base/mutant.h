// Mutants: deliberate protocol mistakes, each built in where a programmer could have made it. The
// explorer must catch them. A program contains them only if its sources were compiled with
// REPLSIM_MUTANTS, and makes at most one, the one that REPLSIM_MUTANT names in its environment:
//
//   if (Mutated(Mutant::kAckBeforeFlush)) …
//
// Elsewhere Mutated is false at compile time. common/base/mutants.def lists all of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace replsim {

enum class Mutant {
  kNone,
#define MUTANT(name) name,
#include "common/base/mutants.def"
#undef MUTANT
};

#ifdef REPLSIM_MUTANTS

// Aborts the process if REPLSIM_MUTANT is set to a name that is not a mutant.
bool Mutated(Mutant mutant);

// All mutants except kNone.
const std::vector<Mutant>& AllMutants();

// The name that REPLSIM_MUTANT takes: "ack-before-flush" for kAckBeforeFlush.
std::string Name(Mutant mutant);
std::optional<Mutant> ParseMutant(absl::string_view name);

#else

constexpr bool Mutated(Mutant) { return false; }

#endif

}  // namespace replsim
