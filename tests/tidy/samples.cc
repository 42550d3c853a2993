// Tests the rules on small trees. Every rule has samples that break it, with the expected place,
// and a tree of similar samples that are correct.
#include <cstdio>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/tidy/rules.h"

namespace replsim::tidy {
namespace {

using Texts = std::vector<std::pair<std::string, std::string>>;

struct Bad {
  const char* rule;
  size_t line;  // in the first file, unless the rule reports another one
  Texts files;
};

std::string Repeat(const std::string& text, size_t count) {
  std::string repeated;
  for (size_t i = 0; i < count; ++i) repeated += text;
  return repeated;
}

const std::string kLong = Repeat("int a;\n", 451);

const std::vector<Bad> kBad = {
    {"layer", 2, {{"common/base/a.cc", "// Why.\n#include \"common/storage/log/log.h\"\n"}}},
    {"layer", 1, {{"common/storage/log/a.cc", "#include \"common/storage/store/store.h\"\n"}}},
    {"layer", 1, {{"primary/core/a.cc", "#include \"replica/core/core.h\"\n"}}},
    {"layer", 1, {{"replica/core/a.cc", "#include \"primary/core/core.h\"\n"}}},
    {"layer", 1, {{"primary/core/a.cc", "#include \"common/storage/log/log.h\"\n"}}},
    {"layer", 1, {{"primary/core/a.cc", "#include \"common/server/loop/loop.h\"\n"}}},
    {"layer", 1, {{"primary/server/a.cc", "#include \"replica/core/core.h\"\n"}}},
    {"layer", 1, {{"common/server/loop/a.cc", "#include \"protos/kv.grpc.pb.h\"\n"}}},
    {"layer", 1, {{"simulator/workload/a.cc", "#include \"protos/kv.grpc.pb.h\"\n"}}},
    {"layer", 1, {{"simulator/workload/a.cc", "#include \"simulator/cluster/live/node.h\"\n"}}},
    {"layer", 1, {{"simulator/analysis/a.cc", "#include \"simulator/cluster/seam/cluster.h\"\n"}}},
    {"layer", 1, {{"simulator/report/a.cc", "#include \"simulator/cluster/live/node.h\"\n"}}},
    {"layer", 1, {{"simulator/cluster/live/a.cc", "#include \"primary/core/core.h\"\n"}}},
    {"layer",
     1,
     {{"simulator/cluster/virtual/a.cc", "#include \"common/server/rpc/channel.h\"\n"}}},
    {"unlisted-folder", 1, {{"common/new/a.cc", "int a;\n"}}},
    {"layer", 1, {{"common/config/a.cc", "#include \"protos/scenario.pb.h\"\n"}}},
    {"layer-table", 1, {{"docs/architecture.md", "# No table\n"}}},
    {"layer-table", 2, {{"docs/architecture.md", "# A\n| `common/base` | x | `protos` |\n"}}},
    {"include-from-root", 1, {{"common/storage/log/a.cc", "#include \"log.h\"\n"}}},
    {"include-from-root", 1, {{"common/storage/log/a.cc", "#include \"../base/ids.h\"\n"}}},
    {"include-from-root", 1, {{"common/storage/log/a.cc", "#include <common/base/ids.h>\n"}}},

    {"pure-header", 1, {{"primary/core/a.cc", "#include <thread>\n"}}},
    {"pure-header", 1, {{"common/protocol/a.cc", "#include <mutex>\n"}}},
    {"pure-header", 1, {{"simulator/analysis/a.cc", "#include <sys/stat.h>\n"}}},
    {"pure-header", 1, {{"common/base/a.cc", "#  include <unistd.h>\n"}}},
    {"pure-header", 1, {{"replica/core/a.cc", "#include \"grpcpp/grpcpp.h\"\n"}}},
    {"core-header", 1, {{"replica/core/a.cc", "#include <atomic>\n"}}},
    {"core-header", 1, {{"primary/core/a.cc", "#include <fstream>\n"}}},
    {"generated-header", 1, {{"common/protocol/a.cc", "#include \"protos/types.pb.h\"\n"}}},
    {"random", 1, {{"simulator/command/a.cc", "#include <random>\n"}}},
    {"random", 1, {{"tests/unit/a.cc", "std::mt19937_64 engine;\n"}}},
    {"random", 1, {{"common/storage/store/a.cc", "std::uniform_int_distribution<int> d(1, 2);\n"}}},
    {"random", 1, {{"common/storage/store/a.cc", "auto seed = std::random_device{}();\n"}}},
    {"clock", 2, {{"primary/core/a.cc", "int a;\nauto now = MonotonicNow();\n"}}},
    {"clock", 1, {{"simulator/report/a.cc", "auto t = std::chrono::system_clock::now();\n"}}},
    {"clock", 1, {{"simulator/cluster/virtual/a.cc", "auto t = steady_clock::now();\n"}}},
    {"hash", 1, {{"common/storage/store/a.cc", "absl::Hash<std::string> hash;\n"}}},
    {"string-view",
     2,
     {{"common/storage/store/a.h", "#pragma once\nvoid F(std::string_view key);\n"}}},
    {"string-view", 1, {{"common/storage/store/a.cc", "#include <string_view>\n"}}},
    {"sleep", 1, {{"tests/unit/a.cc", "std::this_thread::sleep_for(1s);\n"}}},
    {"sleep", 1, {{"common/server/loop/a.cc", "  usleep(10);\n"}}},
    {"sleep", 1, {{"common/server/loop/a.cc", "::nanosleep(&t, nullptr);\n"}}},

    {"columns", 2, {{"common/storage/store/a.cc", "int a;\n// " + std::string(98, 'x') + "\n"}}},
    {"columns", 1, {{"protos/a.proto", std::string(101, 'x') + "\n"}}},
    {"columns", 1, {{"cmake/a.cmake", std::string(101, 'x') + "\n"}}},
    {"tab", 1, {{"common/storage/store/a.cc", "\tint a;\n"}}},
    {"trailing-space", 1, {{"docs/a.md", "# A \n"}}},
    {"final-newline", 2, {{"common/storage/store/a.cc", "int a;\nint b;"}}},
    {"length", 451, {{"common/storage/store/a.cc", kLong}}},
    {"pragma-once", 1, {{"common/storage/store/a.h", "// #pragma once\nint a;\n"}}},
    {"one-title", 1, {{"docs/a.md", "## Only a section\n"}}},
    {"one-title", 3, {{"docs/a.md", "# One\n\n# Two\n"}}},
    {"leftover", 1, {{"common/storage/store/a.cc", "int a;  // TODO: the rest\n"}}},
    {"leftover", 2, {{"scenarios/a.yaml", "question: q\nexpect: [a]  # FIXME\n"}}},

    {"scenario", 1, {{"scenarios/a.yaml", "question: Why?\n"}}},
    {"scenario", 1, {{"scenarios/a.yaml", "question:\nexpect: [{a: b}]\n"}}},
    {"scenario", 1, {{"scenarios/a.yaml", "question: Why?\nexpect: []\n"}}},
    {"unregistered", 1, {{"tests/unit/a_test.cc", "int a;\n"}, {"tests/b.cmake", "# a_test\n"}}},
    {"unregistered", 1, {{"tests/live/a_test.cc", "int a;\n"}, {"tests/b.cmake", "aa_test\n"}}},

    {"phrase", 3, {{"docs/a.md", "# A\n\nIt waits for\never.\n"}}},
    {"phrase", 1, {{"common/storage/store/a.cc", "const char* a = \"\\nWhoever leads\";\n"}}},
    {"phrase", 1, {{"common/storage/store/a.cc", "F(\"the log is cut \"\n  \"off\");\n"}}},
    {"phrase", 2, {{"protos/a.proto", "int32 a = 1;\n// Asked again after a second.\n"}}},
    {"phrase", 1, {{"scenarios/a.yaml", "question: Who leads no more?\nexpect: [a]\n"}}},
};

const Texts kGood = {
    {"common/base/time.cc", "#include <sys/time.h>\nInstant MonotonicNow() { return {}; }\n"},
    {"common/storage/log/a.cc",
     "#include \"common/storage/log/log.h\"\n#include \"common/base/ids.h\"\n"},
    {"common/storage/store/b.cc",
     "#include <mutex>\n#include \"xxhash.h\"\n#include \"absl/types/span.h\"\n"},
    {"primary/core/a.cc",
     "#include \"common/storage/log/record.h\"\n#include \"primary/core/gate.h\"\n"},
    {"replica/server/a.cc", "#include \"primary/core/core.h\"\n#include <thread>\n"},
    {"simulator/analysis/a.cc", "#include \"simulator/recording/history.h\"\n"},
    {"simulator/cluster/live/a.cc",
     "#include \"simulator/cluster/seam/cluster.h\"\nMonotonicNow();\n"},
    {"simulator/command/a.cc", "#include \"simulator/cluster/live/live.h\"\n"},
    {"simulator/cluster/virtual/a.cc", "#include \"primary/core/core.h\"\n"},
    {"tests/unit/a.cc", "#include \"primary/core/core.h\"\n#include \"gtest/gtest.h\"\n"},
    {"tests/a.cmake", "replsim_test(a unit LIBS replsim_wal)\n"},
    // Banned names in comments, in literals and within longer names are not uses.
    {"common/storage/store/a.cc",
     "// std::string_view, usleep(1)\nconst char* a = \"std::string_view\";\n"
     "const char* b = R\"x(\")std::mt19937)x\"; int n = 1'000; char q = '\"';\n"
     "/* steady_clock::now\n   #include \"primary/core/core.h\" */\n"
     "int my_usleep(int); absl::string_view s; AbslHashValue(s);\n"},
    // Phrases match whole words, and not in C++ comments or in tests.
    {"common/storage/store/phrases.cc",
     "// Whoever.\nconst char* a = \"for every log\"; bool whoever;\n"},
    {"tests/unit/a.h", "#pragma once\nconst char* a = \"cut off\";\n"},
    {"common/storage/store/a.h", "// What for.\n#pragma once\n"},
    {"common/storage/store/wide.cc", "// " + Repeat("→", 97) + "\n"},
    {"common/storage/store/full.cc", Repeat("int a;\n", 450)},
    {"third_party/a.h", "\tstd::string_view a; \n"},
    {"docs/a.md", "# One\n\n```\n# a comment in code\n```\n" + std::string(150, 'x') + "\n"},
    {"scenarios/a.yaml", "question: >\n  Why?\nexpect:\n- {acked_lost: \"== 0\"}\n"},
};

Tree MakeTree(const Texts& texts) {
  Tree tree;
  for (const auto& [path, text] : texts) tree.push_back(MakeFile(path, text));
  return tree;
}

Breaches CheckAll(const Texts& texts, const std::vector<Allowance>& long_files) {
  const Tree tree = MakeTree(texts);
  Breaches breaches;
  CheckLayers(tree, &breaches);
  CheckBanned(tree, &breaches);
  CheckForm(tree, long_files, &breaches);
  CheckRegistry(tree, &breaches);
  CheckPhrases(tree, &breaches);
  return breaches;
}

void Print(const char* complaint, const Breaches& breaches) {
  std::printf("self-test: %s\n", complaint);
  for (const Breach& breach : breaches) {
    std::printf("  found %s:%zu: %s: %s\n", breach.path.c_str(), breach.line, breach.rule.c_str(),
                breach.what_to_do.c_str());
  }
}

bool Catches(const Bad& bad) {
  const Breaches breaches = CheckAll(bad.files, {});
  for (const Breach& breach : breaches) {
    if (breach.rule == bad.rule && breach.line == bad.line) return true;
  }
  const std::string complaint = std::string(bad.rule) + " missed in " + bad.files[0].first + ":" +
                                std::to_string(bad.line) + ":\n" + bad.files[0].second;
  Print(complaint.c_str(), breaches);
  return false;
}

bool Expect(const char* what, const Breaches& breaches, size_t count) {
  if (breaches.size() == count) return true;
  Print(what, breaches);
  return false;
}

}  // namespace

int SelfTest() {
  size_t failed = 0;
  for (const Bad& bad : kBad) failed += Catches(bad) ? 0 : 1;
  failed += Expect("the good tree breaks no rule", CheckAll(kGood, {}), 0) ? 0 : 1;
  const Texts long_file = {{"common/storage/store/a.cc", kLong}};
  failed += Expect("an allowance with a reason lets a long file be",
                   CheckAll(long_file, {{"common/storage/store/a.cc", "one table"}}), 0)
                ? 0
                : 1;
  failed += Expect("an allowance without a reason is a breach",
                   CheckAll(long_file, {{"common/storage/store/a.cc", ""}}), 1)
                ? 0
                : 1;
  failed += Expect("an allowance that nothing needs is a breach",
                   CheckAll({}, {{"common/storage/store/a.cc", "one table"}}), 1)
                ? 0
                : 1;
  std::set<std::string> rules;
  for (const Bad& bad : kBad) rules.insert(bad.rule);
  std::printf("self-test: %zu samples of %zu rules, %zu failed\n", kBad.size(), rules.size(),
              failed);
  return failed == 0 ? 0 : 1;
}

}  // namespace replsim::tidy
