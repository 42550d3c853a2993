#include "simulator/command/virtual_run.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/failure_context.h"
#include "common/base/status.h"
#include "simulator/cluster/virtual/virtual_cluster.h"
#include "simulator/cluster/virtual/virtual_scheduler.h"
#include "simulator/command/interrupt.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/recording/run_folder.h"
#include "simulator/recording/trace_file.h"

namespace replsim {
namespace {

class VirtualRun {
 public:
  VirtualRun(const proto::Scenario& scenario, RunOptions options, RecordingSink* sink)
      : scenario_(scenario),
        rng_(scenario.seed()),
        cluster_(scenario, &scheduler_, rng_.Fork("cluster")),
        run_(scenario, std::move(options), &cluster_, &scheduler_, rng_, sink) {}

  absl::Status Go() {
    const FailureContext context([this] {
      return absl::StrCat("scenario ", scenario_.name(), ", seed ", scenario_.seed(), ", node ",
                          cluster_.running_node(), ", virtual time ", ToNanos(scheduler_.Now()),
                          " ns");
    });
    bool ended = false;
    run_.Begin([&ended] { ended = true; });
    while (!ended && !InterruptGuard::Raised() && scheduler_.RunNext()) {
    }
    if (!ended) {
      run_.End(InterruptGuard::Raised()
                   ? absl::CancelledError("interrupted")
                   : absl::InternalError("no event is left, but the run has not ended"));
    }
    return run_.Finish();
  }

  VirtualCluster& cluster() { return cluster_; }
  uint64_t events() const { return scheduler_.events_run(); }

 private:
  const proto::Scenario& scenario_;
  const Rng rng_;
  VirtualScheduler scheduler_;
  VirtualCluster cluster_;
  Run run_;
};

// Writes the files of a node as a live node would have left them.
absl::Status SaveFiles(VirtualNode& node, const std::string& folder) {
  FileSystem& from = node.files();
  FileSystem& to = PosixFileSystem();
  for (const std::string below : {"", "/log"}) {
    const absl::StatusOr<std::vector<std::string>> names =
        from.List(absl::StrCat(VirtualNode::folder(), below));
    if (!names.ok()) continue;  // it never started
    REPL_RETURN_IF_ERROR(to.MakeFolder(folder + below));
    for (const std::string& name : *names) {
      const std::string path = absl::StrCat(below, "/", name);
      const absl::StatusOr<std::string> bytes =
          ReadWholeFile(from, absl::StrCat(VirtualNode::folder(), path));
      if (!bytes.ok()) continue;  // a folder
      REPL_RETURN_IF_ERROR(WriteFileBytes(folder + path, *bytes));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RunVirtual(const proto::Scenario& scenario, const std::string& folder,
                        RunOptions options) {
  REPL_ASSIGN_OR_RETURN(const std::unique_ptr<RecordingSink> sink, RecordIntoFolder(folder));
  VirtualRun run(scenario, std::move(options), sink.get());
  REPL_RETURN_IF_ERROR(run.Go());
  for (const NodeId& id : run.cluster().everyone()) {
    VirtualNode& node = run.cluster().node(id);
    REPL_RETURN_IF_ERROR(SaveFiles(node, NodeFolder(folder, id.name())));
    if (!scenario.cluster().record()) continue;
    REPL_RETURN_IF_ERROR(WriteTrace(TracePath(folder, id.name()), node.TakeTrace()));
  }
  return absl::OkStatus();
}

absl::StatusOr<Recording> RunVirtualInMemory(const proto::Scenario& scenario,
                                             VirtualRunStats* stats) {
  Recording recording;
  const std::unique_ptr<RecordingSink> sink = RecordIntoMemory(&recording);
  VirtualRun run(scenario, RunOptions{"", "virtual", "", {}}, sink.get());
  REPL_RETURN_IF_ERROR(run.Go());
  if (stats != nullptr) stats->events = run.events();
  for (NodeRecording& recorded : recording.nodes) {
    VirtualNode& node = run.cluster().node(NodeId(recorded.id));
    node.Discard();
    if (scenario.cluster().record()) recorded.trace = node.TakeTrace();
    recorded.rollback_bytes = RollbackBytes(node.files(), VirtualNode::folder());
    std::string cut;
    REPL_ASSIGN_OR_RETURN(
        recorded.log,
        ReadLogEntries(node.files(), absl::StrCat(VirtualNode::folder(), "/log"), &cut));
  }
  for (NodeRecording& witness : recording.witnesses) {
    witness.trace = run.cluster().node(NodeId(witness.id)).TakeTrace();
  }
  return recording;
}

}  // namespace replsim
