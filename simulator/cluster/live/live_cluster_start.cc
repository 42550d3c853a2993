// Starts node processes and handles what they do by themselves: come up, stop, die.
#include <google/protobuf/text_format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/status.h"
#include "common/config/clock_convert.h"
#include "common/server/loop/node_loop.h"
#include "common/server/rpc/channel_args.h"
#include "common/storage/file/file.h"
#include "simulator/cluster/live/live_cluster.h"
#include "simulator/cluster/managed/clock_of.h"

namespace replsim {
namespace {

constexpr Nanos kStreamingTimeout = Millis(10'000);

}  // namespace

void LiveCluster::Start(Done done) {
  OnIo([this, done = std::move(done)]() mutable {
    if (absl::Status status = links_.Listen(); !status.ok()) return Later(std::move(done), status);
    // For clients that are not ours; only the owner can read the folder.
    ReplaceFile(PosixFileSystem(), options_.folder + "/token", token_ + "\n").IgnoreError();
    Inside([this, done = std::move(done)]() mutable {
      Spawn(Find(primary()), [this, done = std::move(done)](absl::Status status) mutable {
        if (!status.ok()) return done(status);
        StartReplicas(std::move(done));
      });
    });
  });
}

void LiveCluster::StartReplicas(Done done) {
  struct Waiting {
    size_t left;
    absl::Status status;
    Done done;
  };
  const auto waiting =
      std::make_shared<Waiting>(Waiting{everyone().size(), absl::OkStatus(), std::move(done)});
  const auto one = [this, waiting](const absl::Status& status) {
    if (waiting->status.ok()) waiting->status = status;
    if (--waiting->left > 0) return;
    if (!waiting->status.ok()) return waiting->done(waiting->status);
    AwaitStreaming(scheduler_->Now() + kStreamingTimeout, std::move(waiting->done));
  };
  for (const NodeId& id : everyone()) {
    if (id != primary()) Spawn(Find(id), one);
  }
  one(absl::OkStatus());  // the primary
}

void LiveCluster::AwaitStreaming(Instant deadline, Done done) {
  Find(primary()).control->Describe([this, deadline, done = std::move(done),
                                     alive = alive_](absl::StatusOr<NodeStatus> answer) mutable {
    if (!*alive) return;
    if (answer.ok() && IsStarted(answer->core)) return done(absl::OkStatus());
    if (scheduler_->Now() >= deadline) {
      return done(absl::DeadlineExceededError(
          absl::StrCat("not every replica connected to the primary within ",
                       kStreamingTimeout.count() / 1'000'000'000, " s: see nodes/*/stderr in ",
                       options_.folder)));
    }
    scheduler_->At(scheduler_->Now() + kStartPoll,
                   [this, deadline, done = std::move(done), alive]() mutable {
                     if (*alive) AwaitStreaming(deadline, std::move(done));
                   });
  });
}

std::string LiveCluster::WriteConfig(const LiveNode& node) const {
  const proto::Scenario& scenario = options_.scenario;
  proto::NodeConfig config = ConfigFor(node.id);
  config.set_data_dir(node.folder);
  // A restarted node keeps its port, so that its peers find it again.
  config.set_listen(node.address.empty() ? "127.0.0.1:0" : node.address);
  for (const auto& [id, other] : nodes_) {
    if (id != node.id && !other.address.empty()) {
      (*config.mutable_peers())[id.name()] = links_.AddressFor(node.id, id, other.address);
    }
  }
  config.set_token(token_);
  config.set_parent_pid(static_cast<uint32_t>(getpid()));
  ToWire(node.wall_clock, config.mutable_wall_clock());
  ToWire(ClockOf(scenario.machine(), node.id.name(), began_), config.mutable_monotonic_clock());
  if (const uint32_t first = scenario.cluster().metrics_port(); first > 0) {
    const auto index =
        std::find(everyone().begin(), everyone().end(), node.id) - everyone().begin();
    config.set_metrics_port(first + static_cast<uint32_t>(index));
  }
  std::string text;
  google::protobuf::TextFormat::PrintToString(config, &text);
  return text;
}

void LiveCluster::Spawn(LiveNode& node, Done done) {
  const bool as_primary = BeginStart(node.id);
  node.state = NodeState::kStarting;
  ++node.life;
  node.start_failed = absl::OkStatus();
  node.as_primary = as_primary;
  node.armed_failpoints = node.armed_pauses = 0;
  node.on_up = std::move(done);
  const NodeId id = node.id;
  OnIo([this, id, config = WriteConfig(node), as_primary] {
    LiveNode& n = Find(id);
    FileSystem& fs = PosixFileSystem();
    const std::string config_path = n.folder + "/config";
    absl::Status written = fs.MakeFolder(n.folder);
    if (written.ok()) written = ReplaceFile(fs, config_path, config);
    if (!written.ok()) {
      Inside([this, id, written] { FinishStart(Find(id), written); });
      return;
    }
    ChildProcess::Options options;
    options.program =
        absl::StrCat(options_.program_dir, as_primary ? "/replsim-primary" : "/replsim-replica");
    options.args = {"--config", config_path};
    options.stderr_path = n.folder + "/stderr";
    ChildProcess::Handlers handlers;
    handlers.on_line = [this, id](std::string line) {
      Inside([this, id, line = std::move(line)] { OnLine(id, line); });
    };
    handlers.on_stop = [this, id](Instant when) {
      Inside([this, id, when] { OnStopped(id, when); });
    };
    handlers.on_exit = [this, id](ChildProcess::Exit exit) {
      // destroyed on the io thread, outside its own handler
      OnIo([process = std::move(Find(id).process)] {});
      Inside([this, id, exit] { OnExit(id, exit); });
    };
    absl::StatusOr<std::unique_ptr<ChildProcess>> child =
        processes_->Spawn(options, std::move(handlers));
    if (!child.ok()) {
      Inside([this, id, status = child.status()] { FinishStart(Find(id), status); });
      return;
    }
    n.process = *std::move(child);
    // For a reader who kills it by hand.
    ReplaceFile(PosixFileSystem(), n.folder + "/pid", absl::StrCat(n.process->pid(), "\n"))
        .IgnoreError();
    slow_.Runs(id, n.process);
  });
}

// A line that the node has printed. The text after a known word is the node's own, so a line that
// cannot be read is a defect of the node, and is ignored like any other output.
void LiveCluster::OnLine(const NodeId& id, absl::string_view line) {
  if (absl::ConsumePrefix(&line, "listening ")) return OnListening(id, std::string(line));
  if (line == "stepped down") return NodeSteppedDown(id, scheduler_->Now());
  if (!absl::ConsumePrefix(&line, "elected ")) return;
  if (const std::optional<Position> from = ParsePosition(line)) {
    NodeWasElected(id, from->epoch, from->lsn, scheduler_->Now());
  }
}

void LiveCluster::OnListening(const NodeId& id, const std::string& address) {
  LiveNode& node = Find(id);
  node.address = address;
  node.control = std::make_shared<ControlClient>(id.name(), address, token_, scheduler_);
  OnIo([this, id, address, folder = node.folder] {
    // For clients that are not ours.
    ReplaceFile(PosixFileSystem(), folder + "/address", address + "\n").IgnoreError();
    if (absl::Status status = links_.NodeIsAt(id, address); !status.ok()) {
      Inside([this, id, status] { FinishStart(Find(id), status); });
    }
  });
  node.control->WaitUntilServing([this, id, life = node.life, alive = alive_](absl::Status status) {
    if (*alive && Find(id).life == life) OnServing(id, status);
  });
}

void LiveCluster::OnServing(const NodeId& id, const absl::Status& status) {
  LiveNode& node = Find(id);
  if (node.state != NodeState::kStarting) return;
  const bool told = node.disk.ByteSizeLong() == 0 && !node.disk_untold;
  if (!status.ok() || told) return FinishStart(node, status);
  TellDisk(id, [this, id, life = node.life, alive = alive_](const absl::Status& set) {
    if (*alive && Find(id).life == life) FinishStart(Find(id), set);
  });
}

// Completes a start. A node that failed to come up is ended, so that it leaves no process behind.
void LiveCluster::FinishStart(LiveNode& node, const absl::Status& status) {
  if (node.state != NodeState::kStarting) return;
  if (!status.ok()) {
    node.start_failed = status;
    return End(node, [](const absl::Status&) {});
  }
  // Its disk faults were changed while it was down.
  if (node.disk_untold) return OnServing(node.id, status);
  node.state = NodeState::kUp;
  for (size_t site = 0; site < node.sessions.size(); ++site) {
    node.sessions[site]->Connect(
        MakeChannel(links_.AddressFor(sites().end(site), node.id, node.address), token_));
  }
  reports().Started(node.id, node.as_primary, scheduler_->Now());
  TellAddresses();
  if (Done done = std::exchange(node.on_up, nullptr)) done(absl::OkStatus());
}

void LiveCluster::End(LiveNode& node, Done done) {
  node.state = NodeState::kDying;
  epochs().Died(node.id);
  node.on_exit.push_back(std::move(done));
  OnIo([this, id = node.id, life = node.life] {
    if (const auto& process = Find(id).process; process != nullptr) {
      process->Kill().IgnoreError();
    } else {
      Inside([this, id, life] {  // the process never existed, or its exit is about to be reported
        LiveNode& n = Find(id);
        if (n.life == life && n.state == NodeState::kDying) Gone(n, n.start_failed);
      });
    }
  });
}

// Completes every wait for the node's start or end, whatever ended it.
void LiveCluster::Gone(LiveNode& node, const absl::Status& why_not_up) {
  node.state = NodeState::kDown;
  epochs().Died(node.id);
  std::vector<Done> waiting = std::exchange(node.on_exit, {});
  if (Done done = std::exchange(node.on_up, nullptr)) {
    done(why_not_up.ok() ? absl::AbortedError(node.id.name() + " was killed while it started")
                         : why_not_up);
  }
  for (Done& done : waiting) done(absl::OkStatus());
}

// Sends every node the addresses of all others: a promoted node must be found and must find its
// peers.
void LiveCluster::TellAddresses() {
  for (auto& [id, node] : nodes_) {
    if (node.state != NodeState::kUp) continue;
    proto::SetOptionsRequest request;
    for (const auto& [other_id, other] : nodes_) {
      if (other_id == id || other.address.empty()) continue;
      (*request.mutable_peers())[other_id.name()] = links_.AddressFor(id, other_id, other.address);
    }
    node.control->SetOptions(request, [](absl::Status) {});
  }
}

void LiveCluster::OnStopped(const NodeId& id, Instant when) {
  LiveNode& node = Find(id);
  // A slow node is stopped regularly. A stop counts as a failpoint only if a stopping failpoint is
  // armed.
  if (node.state != NodeState::kUp || node.armed_pauses == 0) return;
  node.state = NodeState::kPaused;
  --node.armed_pauses;
  --node.armed_failpoints;
  reports().FailpointFired(id, /*pause=*/true, when);
}

void LiveCluster::OnExit(const NodeId& id, const ChildProcess::Exit& exit) {
  const Instant when = exit.when;
  const bool killed = exit.signalled && exit.code == SIGKILL;
  LiveNode& node = Find(id);
  const NodeState was = node.state;
  if (was == NodeState::kStarting) {
    return Gone(node, absl::InternalError(
                          absl::StrCat(id.name(), " did not start: ", DescribeExit(node, exit))));
  }
  Gone(node, node.start_failed);
  if (was == NodeState::kDying) return;
  if (killed && node.armed_failpoints > 0) {
    node.armed_failpoints = 0;
    node.life_ended_by_fault = node.life;
    return reports().FailpointFired(id, /*pause=*/false, when);
  }
  const bool disk_failed = exit.code == kExitDiskFailed && !exit.signalled && node.disk_is_broken;
  if (disk_failed) node.life_ended_by_fault = node.life;
  if (disk_failed && reports().DiskFailed(id, StderrTail(node), when)) return;
  reports().Died(
      id, killed ? absl::StrCat(kKilledFromOutside, " (SIGKILL)") : DescribeExit(node, exit), when);
}

std::string LiveCluster::DescribeExit(const LiveNode& node, const ChildProcess::Exit& exit) const {
  return absl::StrCat(exit.ToString(), "; ", StderrTail(node));
}

std::string LiveCluster::StderrTail(const LiveNode& node) const {
  const std::string path = node.folder + "/stderr";
  const absl::StatusOr<std::string> text = ReadWholeFile(PosixFileSystem(), path);
  const std::vector<std::string> lines =
      absl::StrSplit(text.value_or(""), '\n', absl::SkipWhitespace());
  return lines.empty() ? absl::StrCat(path, " is empty") : lines.back();
}

}  // namespace replsim
