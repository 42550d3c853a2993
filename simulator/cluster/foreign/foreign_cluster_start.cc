// The life of a node's process, from its start to its end.
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status.h"
#include "simulator/cluster/foreign/foreign_cluster.h"
#include "simulator/cluster/foreign/ports.h"
#include "simulator/cluster/foreign/process_tree.h"
#include "simulator/recording/file_bytes.h"

namespace replsim {
namespace {

constexpr Nanos kReadyPoll = Millis(5);
constexpr Nanos kDescribePatience = Millis(2000);
constexpr Nanos kClientPatience = Millis(30'000);

}  // namespace

void ForeignCluster::Start(Done done) {
  auto prepared = [this, done = std::move(done)](absl::StatusOr<std::string> version) mutable {
    if (!version.ok()) return done(version.status());
    version_ = *std::move(version);
    StartNodes(std::move(done));
  };
  work_.Add([this, alive = alive_, prepared = std::move(prepared)]() mutable {
    absl::StatusOr<std::string> version = system_->Prepare();
    Inside([version = std::move(version), prepared = std::move(prepared)]() mutable {
      prepared(std::move(version));
    });
  });
}

void ForeignCluster::StartNodes(Done done) {
  OnIo([this, done = std::move(done)]() mutable {
    absl::Status status = links_.Listen();
    absl::StatusOr<std::vector<uint16_t>> ports =
        FreePorts(ids_.size(), Rng(static_cast<uint64_t>(ToNanos(MonotonicNow()))));
    status.Update(ports.status());
    if (!status.ok()) return Later(std::move(done), status);
    for (size_t i = 0; i < ids_.size(); ++i) {
      Find(ids_[i]).port = (*ports)[i];
      links_.NodeIsAt(ids_[i], absl::StrCat("127.0.0.1:", (*ports)[i])).IgnoreError();
    }
    Sweep();
    Inside([this, done = std::move(done)]() mutable {
      Spawn(Find(primary()), [this, done = std::move(done)](const absl::Status& up) mutable {
        if (!up.ok()) return done(up);
        StartReplicas(std::move(done));
      });
    });
  });
}

void ForeignCluster::StartReplicas(Done done) {
  struct Starting {
    size_t left = 1;
    absl::Status status;
    Done done;
  };
  const auto starting = std::make_shared<Starting>();
  starting->done = std::move(done);
  const auto ended = [this, starting](const absl::Status& status) {
    starting->status.Update(status);
    if (--starting->left > 0) return;
    if (!starting->status.ok()) return starting->done(starting->status);
    Control(
        primary(), kClientPatience,
        [](ForeignConnection& connection, Done finished) {
          connection.FinishStart(std::move(finished));
        },
        [this, starting](const absl::Status& finished) {
          if (!finished.ok()) return starting->done(finished);
          AwaitClients(scheduler_->Now() + kClientPatience, std::move(starting->done));
        });
  };
  for (const NodeId& id : ids_) {
    if (id == primary()) continue;
    ++starting->left;
    Spawn(Find(id), ended);
  }
  ended(absl::OkStatus());
}

void ForeignCluster::AwaitClients(Instant until, Done done) {
  OnIo([this, until, done = std::move(done)]() mutable {
    for (const NodeId& id : ids_) {
      const ClientPool& pool = *Find(id).pool;
      if (pool.open() >= pool.wanted()) continue;
      if (MonotonicNow() >= until) {
        return Later(std::move(done), absl::DeadlineExceededError(
                                          absl::StrCat(id.name(), " accepted ", pool.open(), " of ",
                                                       pool.wanted(), " connections of clients")));
      }
      return scheduler_->Post([this, until, done = std::move(done)]() mutable {
        scheduler_->At(scheduler_->Now() + kReadyPoll,
                       [this, until, alive = alive_, done = std::move(done)]() mutable {
                         if (*alive) AwaitClients(until, std::move(done));
                       });
      });
    }
    Later(std::move(done), absl::OkStatus());
  });
}

uint16_t ForeignCluster::RelayPort(const NodeId& dialler, const NodeId& listener) {
  const uint16_t direct = Find(listener).port;
  const std::string address =
      links_.AddressFor(dialler, listener, absl::StrCat("127.0.0.1:", direct));
  uint32_t port = 0;
  const bool read = absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port);
  return read ? static_cast<uint16_t>(port) : direct;
}

void ForeignCluster::Spawn(Node& node, Done done) {
  node.state = NodeState::kStarting;
  node.on_up = std::move(done);
  node.start_failed = absl::OkStatus();
  node.leads_epoch = false;
  const uint64_t life = ++node.life;
  const bool as_primary = epochs_.Starts(node.id);
  NodeStart start;
  start.node = node.id;
  start.folder = node.folder;
  start.port = node.port;
  start.life = life;
  start.as_primary = as_primary;
  start.epoch = epochs_.highest();
  start.primary = as_primary ? node.id : epochs_.NextPrimary();
  start.primary_port = as_primary ? node.port : RelayPort(node.id, start.primary);
  start.primary_direct_port = Find(start.primary).port;
  node.follows = start.primary;
  const bool reads_log = std::exchange(node.log_unread, false);
  work_.Add([this, start, reads_log] {
    absl::StatusOr<NativeLog> log = NativeLog();
    if (reads_log) log = system_->ReadLog(start.node, start.folder);
    std::error_code error;
    std::filesystem::create_directories(start.folder, error);
    absl::StatusOr<Launch> launch = absl::InternalError(error.message());
    if (!error) launch = log.ok() ? system_->PrepareStart(start) : log.status();
    Inside([this, start, reads_log, launch = std::move(launch), log = std::move(log)]() mutable {
      Node& started = Find(start.node);
      if (reads_log && log.ok()) started.history.lives.back().log = *std::move(log);
      started.history.lives.push_back(
          {scheduler_->Now(), start.as_primary, start.epoch, start.primary, kNever, {}});
      Prepared(start.node, start.life, std::move(launch));
    });
  });
}

void ForeignCluster::Prepared(const NodeId& id, uint64_t life, absl::StatusOr<Launch> launch) {
  Node& node = Find(id);
  if (!launch.ok()) {
    node.start_failed = launch.status();
    return Gone(node, launch.status());
  }
  OnIo([this, id, life, launch = *std::move(launch)] {
    ChildProcess::Options options;
    options.program = launch.program;
    options.args = launch.args;
    options.stderr_path = absl::StrCat(Find(id).folder, "/stderr");
    ChildProcess::Handlers handlers;
    handlers.on_exit = [this, id, life, alive = alive_](const ChildProcess::Exit& exit) {
      scheduler_->Post([this, id, life, exit, alive] {
        if (*alive && Find(id).life == life) OnExit(id, exit);
      });
    };
    auto spawned = processes_->Spawn(options, std::move(handlers));
    if (spawned.ok()) {
      Find(id).process = *std::move(spawned);
      slow_.Runs(id, Find(id).process);
    }
    Inside([this, id, life, status = spawned.status()] {
      Node& launched = Find(id);
      if (launched.life != life || launched.state != NodeState::kStarting) return;
      if (!status.ok()) return Gone(launched, status);
      AwaitReady(id, life, scheduler_->Now() + system_->start_patience(), "");
    });
  });
}

void ForeignCluster::AwaitReady(const NodeId& id, uint64_t life, Instant until,
                                const std::string& why_not) {
  Node& node = Find(id);
  if (node.life != life || node.state != NodeState::kStarting) return;
  if (scheduler_->Now() >= until) {
    return FinishStart(node, absl::DeadlineExceededError(
                                 absl::StrCat(id.name(), " did not become ready: ", why_not)));
  }
  const auto seen = std::make_shared<ForeignStatus>();
  Control(
      id, kDescribePatience,
      [seen](ForeignConnection& connection, Done ended) {
        connection.Describe(
            [seen, ended = std::move(ended)](absl::StatusOr<ForeignStatus> status) mutable {
              if (status.ok()) *seen = *std::move(status);
              ended(status.status());
            });
      },
      [this, id, life, until, seen](const absl::Status& status) {
        Node& asked = Find(id);
        if (asked.life != life || asked.state != NodeState::kStarting) return;
        if (!seen->failure.empty()) {
          return FinishStart(asked,
                             absl::InternalError(absl::StrCat(id.name(), ": ", seen->failure)));
        }
        // A replica counts as up if it has restarted, even if its primary is down.
        const bool ready = status.ok() && (seen->ready || (life > 1 && !seen->leads));
        if (ready) return FinishStart(asked, absl::OkStatus());
        const std::string reason =
            status.ok() ? "it does not stream yet" : std::string(status.message());
        scheduler_->At(scheduler_->Now() + kReadyPoll,
                       [this, id, life, until, reason, alive = alive_] {
                         if (*alive) AwaitReady(id, life, until, reason);
                       });
      });
}

// Completes a start. A node that failed to come up is ended, so that it leaves no process behind.
void ForeignCluster::FinishStart(Node& node, const absl::Status& status) {
  if (node.state != NodeState::kStarting) return;
  if (!status.ok()) {
    node.start_failed = status;
    return End(node, [](const absl::Status&) {});
  }
  const NodeLife& life = node.history.lives.back();
  if (life.as_primary && node.life > 1 && !node.leads_epoch) {
    node.leads_epoch = true;
    return Control(
        node.id, kClientPatience,
        [epoch = life.epoch](ForeignConnection& connection, Done ended) {
          connection.Promote(epoch, std::move(ended));
        },
        [this, id = node.id, number = node.life](const absl::Status& told) {
          if (Find(id).life == number) FinishStart(Find(id), told);
        });
  }
  node.state = NodeState::kUp;
  OnIo([this, id = node.id] {
    const Node& up = Find(id);
    uint16_t port = RelayPort(NodeId("client"), id);
    up.pool->Connect(port, connections());
  });
  const bool leads = node.follows == node.id;
  reports_.Started(node.id, leads, scheduler_->Now());
  // It may have started while another node was promoted.
  if (!leads && node.follows != primary()) TellToFollow(node.id, primary());
  if (Done done = std::exchange(node.on_up, nullptr)) done(absl::OkStatus());
}

void ForeignCluster::End(Node& node, Done done) {
  node.state = NodeState::kDying;
  epochs_.Died(node.id);
  node.on_exit.push_back(std::move(done));
  OnIo([this, id = node.id, life = node.life] {
    const auto& process = Find(id).process;
    Instant when;
    if (process != nullptr) {
      kill_spread_ = std::max(kill_spread_, SignalTree(*process, SIGKILL, &when));
      return;
    }
    Inside([this, id, life] {
      Node& gone = Find(id);
      if (gone.life == life && gone.state == NodeState::kDying) Gone(gone, gone.start_failed);
    });
  });
}

// Completes every wait for the node's start or end, whatever ended it.
void ForeignCluster::Gone(Node& node, const absl::Status& why_not_up) {
  node.state = NodeState::kDown;
  node.log_unread = !node.history.lives.empty();
  if (node.log_unread) node.history.lives.back().ended = scheduler_->Now();
  epochs_.Died(node.id);
  OnIo([this, id = node.id] {
    Node& down = Find(id);
    down.process.reset();
    down.pool->NodeIsDown();
  });
  std::vector<Done> waiting = std::exchange(node.on_exit, {});
  if (Done done = std::exchange(node.on_up, nullptr)) {
    done(why_not_up.ok() ? absl::AbortedError(node.id.name() + " was killed while it started")
                         : why_not_up);
  }
  for (Done& done : waiting) done(absl::OkStatus());
}

void ForeignCluster::OnExit(const NodeId& id, const ChildProcess::Exit& exit) {
  Node& node = Find(id);
  const NodeState was = node.state;
  const std::string how = absl::StrCat(exit.ToString(), "; ", StderrTail(node));
  if (was == NodeState::kStarting) {
    return Gone(node, absl::InternalError(absl::StrCat(id.name(), " did not start: ", how)));
  }
  Gone(node, node.start_failed);
  if (was == NodeState::kDying) return;
  const bool killed = exit.signalled && exit.code == SIGKILL;
  reports_.Died(id, killed ? absl::StrCat(kKilledFromOutside, " (SIGKILL)") : how, exit.when);
}

std::string ForeignCluster::StderrTail(const Node& node) const {
  const std::string path = node.folder + "/stderr";
  const absl::StatusOr<std::string> text = ReadFileBytes(path);
  const std::vector<std::string> lines =
      absl::StrSplit(text.value_or(""), '\n', absl::SkipWhitespace());
  return lines.empty() ? absl::StrCat(path, " is empty") : lines.back();
}

}  // namespace replsim
