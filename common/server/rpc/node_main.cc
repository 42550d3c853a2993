#include "common/server/rpc/node_main.h"

#include <google/protobuf/text_format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "absl/synchronization/mutex.h"
#include "common/file/input_file.h"

namespace replsim {
namespace {

constexpr int kExitUsage = 64;
constexpr int kExitFailed = 70;
constexpr uint64_t kConfigBytesMax = 16 << 20;

// Makes sure that no node outlives its run, even if the simulator is killed.
void DieWithParent(pid_t parent) {
  if (parent == 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kExitFailed);  // the parent ended before prctl
}

}  // namespace

int NodeMain(int argc, char** argv,
             const std::function<absl::Status(const proto::NodeConfig&)>& run) {
  // Abseil as Debian builds it checks the order of locks whenever one is taken, which costs more
  // than the lock. The tests keep this check.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  const char* program =
      std::strrchr(argv[0], '/') == nullptr ? argv[0] : std::strrchr(argv[0], '/') + 1;
  if (argc != 3 || std::string(argv[1]) != "--config") {
    std::fprintf(stderr,
                 "usage: %s --config FILE\n"
                 "FILE holds a NodeConfig (protos/control.proto) in text form. replsim writes one "
                 "for every node into the run folder: nodes/ID/config.\n",
                 program);
    return kExitUsage;
  }
  const absl::StatusOr<std::string> text = ReadInputFile(argv[2], kConfigBytesMax);
  if (!text.ok()) {
    std::fprintf(stderr, "%s: %s\n", program, std::string(text.status().message()).c_str());
    return kExitUsage;
  }
  proto::NodeConfig config;
  if (!google::protobuf::TextFormat::ParseFromString(*text, &config)) {
    std::fprintf(stderr, "%s: %s is not a NodeConfig in text form (see above)\n", program, argv[2]);
    return kExitUsage;
  }
  DieWithParent(static_cast<pid_t>(config.parent_pid()));
  const absl::Status status = run(config);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s %s: %s\n", program, config.id().c_str(),
               std::string(status.message()).c_str());
  return absl::IsInvalidArgument(status) ? kExitUsage : kExitFailed;
}

}  // namespace replsim
