// The entry points that libFuzzer calls.
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"

// libFuzzer calls this before it reads the corpus: the first folder named on the command line. The
// seeds are written into it, so that they are part of the corpus.
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  for (int i = 1; i < *argc; ++i) {
    const std::string folder = (*argv)[i];
    if (folder[0] == '-') continue;
    const std::vector<std::string> seeds = replsim::FuzzSeeds();
    for (size_t seed = 0; seed < seeds.size(); ++seed) {
      // Where the argument is a file (an input to repeat), this writes nothing.
      std::ofstream(folder + "/seed-" + std::to_string(seed), std::ios::binary) << seeds[seed];
    }
    break;
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  replsim::FuzzOne({reinterpret_cast<const char*>(data), size});
  return 0;
}
