// Checks names that pure code, or all code, must not use: headers by their #include lines, names in
// the code without comments and literals.
#include "tests/tidy/include.h"
#include "tests/tidy/rules.h"

namespace replsim::tidy {
namespace {

#define CORES "common/feed primary/core replica/core "
// Code that virtual time runs, or that must give the same result for the same recording.
#define VIRTUAL "simulator/cluster/virtual "
#define PURE                                                                              \
  CORES                                                                                   \
  "common/protocol common/base common/config simulator/workload simulator/faults "        \
  "simulator/run simulator/metrics simulator/analysis simulator/report simulator/theory " \
  "simulator/explore simulator/calibrate " VIRTUAL
// Folders in which real time passes. tests/live and similar ones measure it. Tests of pure code
// need no entry, because they have no clock to pass.
#define MAY_READ_CLOCKS                                                              \
  "common/base/time.h common/base/time.cc common/server/loop common/server/metrics " \
  "common/server/rpc "                                                               \
  "simulator/cluster/live simulator/cluster/foreign "                                \
  "simulator/cluster/postgres simulator/serve "                                      \
  "replica/server primary/main.cc replica/main.cc simulator/main.cc "                \
  "simulator/command tests"

struct Ban {
  const char* rule;
  const char* where;   // folders or files; "" means everywhere
  const char* except;  // folders or files in it that are allowed
  const char* names;   // a name that ends in '*' matches a prefix
  const char* what_to_do;
};

const Ban kBannedHeaders[] = {
    {"pure-header", PURE,
     "common/base/time.cc simulator/explore/worker.cc simulator/explore/worker.h "
     "simulator/explore/frame.cc",
     "<thread> <mutex> <shared_mutex> <condition_variable> <future> <sys/* <unistd.h> <fcntl.h> "
     "<grpc* \"grpc* <asio* \"asio* \"absl/synchronization/* \"absl/time/clock.h\"",
     "this folder is run in virtual time or over recordings: no thread, lock, file descriptor, "
     "clock or socket. Let the caller do it, and bring the result in as an event or an argument"},
    {"core-header", CORES, "", "<atomic> <fstream> <filesystem> <iostream>",
     "a core is single-threaded and does no input or output: make it an effect"},
    {"generated-header", CORES "common/protocol", "",
     "\"protos/* \"google/protobuf/* <google/protobuf/*",
     "cores and the protocol know our own structs only; common/server/rpc converts them"},
    {"random", "", "", "<random> \"absl/random/*",
     "take a Rng (common/base/rng.h): its numbers are the same everywhere"},
    {"string-view", "", "", "<string_view>",
     "use absl::string_view (absl/strings/string_view.h): Debian's is another type than the "
     "standard one, and nothing converts between them"},
};

const Ban kBannedNames[] = {
    {"random", "", "",
     "std::random_device std::mt19937* std::minstd_rand* std::default_random_engine "
     "std::uniform_* std::normal_distribution std::exponential_distribution "
     "std::bernoulli_distribution std::shuffle absl::BitGen absl::Uniform* rand( srand(",
     "take a Rng (common/base/rng.h): its numbers are the same everywhere"},
    {"clock", "", MAY_READ_CLOCKS,
     "steady_clock::now system_clock::now high_resolution_clock::now MonotonicNow( absl::Now( "
     "absl::GetCurrentTimeNanos( clock_gettime( gettimeofday( std::time(",
     "take the time as an argument (Instant now); only what runs real processes reads a clock"},
    {"hash", "", "", "absl::Hash absl::HashOf",
     "its values differ in every process: use XXH3 for what is compared or kept"},
    {"string-view", "", "", "std::string_view std::u8string_view",
     "use absl::string_view (absl/strings/string_view.h): Debian's is another type than the "
     "standard one, and nothing converts between them"},
    {"hash-order", CORES VIRTUAL "common/node common/protocol", "",
     "absl::flat_hash_map absl::flat_hash_set absl::node_hash_map absl::node_hash_set "
     "std::unordered_map std::unordered_set",
     "its order differs in every process, and the same seed must give the same run: take an "
     "ordered "
     "container"},
    {"sleep", "", "",
     "sleep_for sleep_until usleep( nanosleep( clock_nanosleep( sleep( absl::SleepFor",
     "wait for what you wait for (a timer, a condition, a process), not for time to pass"},
};

bool Applies(const Ban& ban, const std::string& path) {
  for (const std::string& except : SplitWords(ban.except)) {
    if (IsWithin(path, except)) return false;
  }
  if (*ban.where == '\0') return true;
  for (const std::string& where : SplitWords(ban.where)) {
    if (IsWithin(path, where)) return true;
  }
  return false;
}

bool Names(const std::string& name, const std::string& target) {
  return EndsWith(name, "*") ? StartsWith(target, name.substr(0, name.size() - 1)) : target == name;
}

void CheckHeaders(const File& file, Breaches* breaches) {
  for (const Include& include : IncludesOf(file)) {
    for (const Ban& ban : kBannedHeaders) {
      if (!Applies(ban, file.path)) continue;
      for (const std::string& name : SplitWords(ban.names)) {
        if (!Names(name, include.target)) continue;
        breaches->push_back({file.path, include.line, ban.rule,
                             "do not include " + include.target + ": " + ban.what_to_do});
      }
    }
  }
}

void CheckNames(const File& file, const Ban& ban, Breaches* breaches) {
  for (const std::string& name : SplitWords(ban.names)) {
    for (size_t i = 0; i < file.code.size(); ++i) {
      if (FindWord(file.code[i], name) == std::string::npos) continue;
      breaches->push_back(
          {file.path, i + 1, ban.rule, "do not use " + name + ": " + ban.what_to_do});
    }
  }
}

}  // namespace

void CheckBanned(const Tree& tree, Breaches* breaches) {
  for (const File& file : tree) {
    if (!IsCpp(file.path) || IsWithin(file.path, "third_party")) continue;
    CheckHeaders(file, breaches);
    for (const Ban& ban : kBannedNames) {
      if (Applies(ban, file.path)) CheckNames(file, ban, breaches);
    }
  }
}

}  // namespace replsim::tidy
