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

// An environment variable that names none of them ends the process.
bool Mutated(Mutant mutant);

// All but kNone.
const std::vector<Mutant>& AllMutants();

// "ack-before-flush" of kAckBeforeFlush.
std::string Name(Mutant mutant);
std::optional<Mutant> ParseMutant(absl::string_view name);

#else

constexpr bool Mutated(Mutant) { return false; }

#endif

}  // namespace replsim
