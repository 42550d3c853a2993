#include "common/base/mutant.h"

#ifdef REPLSIM_MUTANTS

#include <cstdlib>

#include "absl/strings/ascii.h"
#include "common/base/check.h"

namespace replsim {
namespace {

// In the order of the enum.
constexpr const char* kSpellings[] = {
    "kNone",
#define MUTANT(name) #name,
#include "common/base/mutants.def"
#undef MUTANT
};

Mutant FromEnvironment() {
  const char* name = std::getenv("REPLSIM_MUTANT");
  if (name == nullptr) return Mutant::kNone;
  const std::optional<Mutant> mutant = ParseMutant(name);
  REPL_CHECK(mutant.has_value(), "REPLSIM_MUTANT is ", name, ", which is not a mutant");
  return *mutant;
}

}  // namespace

bool Mutated(Mutant mutant) {
  static const Mutant chosen = FromEnvironment();
  return mutant == chosen;
}

const std::vector<Mutant>& AllMutants() {
  static const std::vector<Mutant> all = {
#define MUTANT(name) Mutant::name,
#include "common/base/mutants.def"
#undef MUTANT
  };
  return all;
}

std::string Name(Mutant mutant) {
  std::string name;
  for (const char c : absl::string_view(kSpellings[static_cast<size_t>(mutant)]).substr(1)) {
    const auto letter = static_cast<unsigned char>(c);
    if (absl::ascii_isupper(letter) && !name.empty()) name += '-';
    name += absl::ascii_tolower(letter);
  }
  return name;
}

std::optional<Mutant> ParseMutant(absl::string_view name) {
  if (name == Name(Mutant::kNone)) return Mutant::kNone;
  for (const Mutant mutant : AllMutants()) {
    if (name == Name(mutant)) return mutant;
  }
  return std::nullopt;
}

}  // namespace replsim

#endif
