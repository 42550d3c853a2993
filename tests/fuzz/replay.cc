// Runs a fuzz program without libFuzzer: its seeds and a few hundred mutated copies, the same ones
// in every run. If arguments are given, they are files to run instead (inputs that libFuzzer
// found).
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/base/failure_context.h"
#include "common/base/rng.h"
#include "tests/fuzz/fuzz.h"

namespace replsim {
namespace {

constexpr size_t kChangedInputs = 400;

// One change: a bit flipped, a byte drawn, a part removed, or a part of another seed inserted.
void Change(const std::vector<std::string>& seeds, Rng& rng, std::string* input) {
  const size_t at = rng.Below(input->size() + 1);
  const size_t length = std::min<size_t>(rng.Below(16) + 1, input->size() - at);
  switch (rng.Below(4)) {
    case 0:
      if (length > 0) (*input)[at] = static_cast<char>((*input)[at] ^ (1 << rng.Below(8)));
      return;
    case 1:
      if (length > 0) (*input)[at] = static_cast<char>(rng.Below(256));
      return;
    case 2:
      input->erase(at, length);
      return;
    default: {
      const std::string& other = seeds[rng.Below(seeds.size())];
      input->insert(at, other.substr(rng.Below(other.size() + 1), rng.Below(64)));
    }
  }
}

void Replay() {
  const std::vector<std::string> seeds = FuzzSeeds();
  REPL_CHECK(!seeds.empty(), "a fuzz program needs a seed");
  std::string what;
  const FailureContext context([&what] { return what; });
  for (size_t i = 0; i < seeds.size(); ++i) {
    what = absl::StrCat("seed ", i);
    FuzzOne(seeds[i]);
  }
  for (size_t i = 0; i < kChangedInputs; ++i) {
    Rng rng(i);
    std::string input = seeds[i % seeds.size()];
    for (uint64_t changes = rng.Below(8) + 1; changes > 0; --changes) Change(seeds, rng, &input);
    what = absl::StrCat("changed input ", i, ", of seed ", i % seeds.size());
    FuzzOne(input);
  }
  std::printf("%zu seeds and %zu changed inputs\n", seeds.size(), kChangedInputs);
}

}  // namespace
}  // namespace replsim

int main(int argc, char** argv) {
  if (argc == 1) replsim::Replay();
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    replsim::FuzzOne(
        std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()));
  }
  return 0;
}
