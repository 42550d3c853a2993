#include "simulator/cluster/foreign/process_tree.h"

#include <signal.h>

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"

namespace replsim {

std::vector<pid_t> DescendantsOf(pid_t root) {
  std::vector<pid_t> found;
  const auto add_children = [&found](pid_t of) {
    // Servers start their processes on their first thread.
    std::ifstream children(absl::StrCat("/proc/", of, "/task/", of, "/children"));
    for (pid_t child = 0; children >> child;) found.push_back(child);
  };
  add_children(root);
  for (size_t i = 0; i < found.size(); ++i) add_children(found[i]);
  return found;
}

Nanos SignalTree(ChildProcess& server, int signal, Instant* when) {
  const std::vector<pid_t> descendants = DescendantsOf(server.pid());
  *when = MonotonicNow();
  server.Signal(signal).IgnoreError();
  if (descendants.empty()) return Nanos(0);
  for (const pid_t process : descendants) kill(process, signal);
  return MonotonicNow() - *when;
}

}  // namespace replsim
