// replsim_tidy ROOT checks the house rules over the tree; replsim_tidy --self-test checks the
// rules. Prints file:line: rule: what to do. Exit status: 0 none broken, 1 some, 64 bad usage, 70
// not a tree.
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <tuple>
#include <vector>

#include "tests/tidy/rules.h"

namespace replsim::tidy {
namespace {

namespace fs = std::filesystem;

// Files that may exceed the length limit, each with its reason. "It grew" is not a reason.
const std::vector<Allowance> kLongFiles = {};

std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// Lists the files that git tracks, and those it would track if added, without those that .gitignore
// names. Returns false if ROOT is no git tree (a source archive), or if git is not installed.
bool ListByGit(const std::string& root, std::vector<std::string>* paths) {
  const std::string command = "git -c safe.directory='*' -C " + Quoted(root) +
                              " ls-files -z --cached --others --exclude-standard 2>/dev/null";
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return false;
  std::string path;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
    if (c != '\0') {
      path += static_cast<char>(c);
    } else {
      paths->push_back(path);
      path.clear();
    }
  }
  const int status = pclose(pipe);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 && !paths->empty();
}

void ListByWalk(const std::string& root, std::vector<std::string>* paths) {
  for (auto it = fs::recursive_directory_iterator(root); it != fs::end(it); ++it) {
    const std::string name = it->path().filename().string();
    const bool generated = it.depth() == 0 && (StartsWith(name, "build") || name == "runs");
    if (it->is_directory() && (generated || name == ".git")) it.disable_recursion_pending();
    if (it->is_regular_file()) {
      paths->push_back(it->path().lexically_relative(root).generic_string());
    }
  }
}

Tree Load(const std::string& root) {
  std::vector<std::string> paths;
  if (!ListByGit(root, &paths)) {
    paths.clear();
    ListByWalk(root, &paths);
  }
  std::sort(paths.begin(), paths.end());
  Tree tree;
  for (const std::string& path : paths) {
    std::ifstream in(fs::path(root) / path, std::ios::binary);
    if (!in) continue;  // removed, but not yet in git
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    tree.push_back(MakeFile(path, text));
  }
  return tree;
}

int Run(const std::string& root) {
  const Tree tree = Load(root);
  if (std::none_of(tree.begin(), tree.end(),
                   [](const File& file) { return file.path == "CMakeLists.txt"; })) {
    std::fprintf(stderr, "replsim_tidy: %s is not the root of the source tree\n", root.c_str());
    return 70;
  }
  Breaches breaches;
  CheckLayers(tree, &breaches);
  CheckBanned(tree, &breaches);
  CheckForm(tree, kLongFiles, &breaches);
  CheckRegistry(tree, &breaches);
  CheckPhrases(tree, &breaches);
  std::sort(breaches.begin(), breaches.end(), [](const Breach& a, const Breach& b) {
    return std::tie(a.path, a.line, a.rule) < std::tie(b.path, b.line, b.rule);
  });
  for (const Breach& breach : breaches) {
    std::printf("%s:%zu: %s: %s\n", breach.path.c_str(), breach.line, breach.rule.c_str(),
                breach.what_to_do.c_str());
  }
  std::printf("tidy: %zu files, %zu breaches\n", tree.size(), breaches.size());
  return breaches.empty() ? 0 : 1;
}

}  // namespace
}  // namespace replsim::tidy

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: replsim_tidy ROOT | --self-test\n");
    return 64;
  }
  const std::string argument = argv[1];
  return argument == "--self-test" ? replsim::tidy::SelfTest() : replsim::tidy::Run(argument);
}
