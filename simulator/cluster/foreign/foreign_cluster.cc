#include "simulator/cluster/foreign/foreign_cluster.h"

#include <signal.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/cluster/foreign/process_tree.h"
#include "simulator/cluster/managed/node_list.h"
#include "simulator/recording/run_folder.h"

namespace replsim {
namespace {

constexpr Nanos kAtomicKill = Millis(1);

}  // namespace

ForeignCluster::ForeignCluster(Options options, std::unique_ptr<ForeignSystem> system,
                               asio::io_context* io, ProcessGroup* processes,
                               LiveScheduler* scheduler, const Rng& rng)
    : options_(std::move(options)),
      system_(std::move(system)),
      io_(io),
      processes_(processes),
      scheduler_(scheduler),
      rng_(rng),
      ids_(NodesOf(options_.scenario.cluster())),
      epochs_(ids_[0], /*elects=*/false),
      links_(options_.scenario, ids_, {NodeId("client")}, io, rng.Fork("links")),
      slow_(io),
      writes_to_(ids_[0]),
      sweep_(*io) {
  for (const NodeId& id : ids_) {
    Node& node = nodes_[id];
    node.id = id;
    node.history.node = id;
    node.folder = NodeFolder(options_.folder, id.name());
    node.pool = std::make_unique<ClientPool>(id, system_.get(), io_, [this] { SendWaiting(); });
  }
  links_.TapAll(
      ids_, [this](const NodeId& dialler, const NodeId& listener, Relay::Direction direction) {
        return system_->NewTap(dialler, listener, direction,
                               [this](StageStep step) { steps_.push_back(std::move(step)); });
      });
}

ForeignCluster::~ForeignCluster() { KillAll(); }

void ForeignCluster::Disconnect() {
  if (!*alive_) return;
  *alive_ = false;
}

void ForeignCluster::KillAll() {
  slow_.Clear();
  sweep_.cancel();
  for (auto& [id, node] : nodes_) {
    node.pool.reset();
    if (node.process == nullptr) continue;
    Instant when;
    SignalTree(*node.process, SIGKILL, &when);
    node.process.reset();  // kills and reaps
    if (!node.history.lives.empty() && node.state != NodeState::kDown) node.log_unread = true;
  }
}

absl::Status ForeignCluster::SaveNative() {
  NativeRecording native;
  absl::Status status;
  for (const NodeId& id : ids_) {
    Node& node = Find(id);
    if (node.log_unread && !node.history.lives.empty()) {
      absl::StatusOr<NativeLog> log = system_->ReadLog(id, node.folder);
      if (log.ok()) node.history.lives.back().log = *std::move(log);
      if (!log.ok()) status.Update(log.status());
      node.log_unread = false;
    }
    native.nodes.push_back(std::move(node.history));
  }
  native.promotions = promotions_;
  native.steps = std::move(steps_);
  native.notes = {absl::StrCat("servers: ", system_->name(), " ", version_)};
  if (kill_spread_ > kAtomicKill) {
    native.notes.push_back(absl::StrCat("a kill was not atomic: it took ",
                                        kill_spread_.count() / 1000,
                                        " us from the first process of a server to its last"));
  }
  if (status.ok()) status = Translate(options_.folder, native);
  return status.ok() ? status : ForgetNative(options_.folder, status);
}

proto::Manifest::Evidence ForeignCluster::evidence() const {
  proto::Manifest::Evidence evidence = EvidenceOf(options_.capabilities, ids_);
  evidence.set_positions(proto::EXACT);  // once the run has ended
  evidence.clear_nodes();
  for (const NodeId& id : ids_) *evidence.add_nodes() = system_->StagesOf(id);
  return evidence;
}

std::vector<NodeId> ForeignCluster::link_ends() const {
  std::vector<NodeId> ends = ids_;
  ends.emplace_back("client");
  return ends;
}

size_t ForeignCluster::connections() const {
  const proto::Workload& workload = options_.scenario.workload();
  const bool several = workload.style() == proto::FUTURE;
  return size_t{workload.clients()} * (several ? std::max<uint32_t>(workload.depth(), 1) : 1);
}

// --- links ---

void ForeignCluster::OnIo(absl::AnyInvocable<void()> work) {
  scheduler_->OnIoThread([alive = alive_, work = std::move(work)]() mutable {
    if (*alive) work();
  });
}

void ForeignCluster::Inside(absl::AnyInvocable<void()> work) {
  scheduler_->Post([alive = alive_, work = std::move(work)]() mutable {
    if (*alive) work();
  });
}

void ForeignCluster::Later(Done done, absl::Status status) {
  scheduler_->Post([done = std::move(done), status]() mutable { done(status); });
}

void ForeignCluster::SetLink(const NodeId& from, const NodeId& to, LinkSpec spec) {
  OnIo([this, from, to, spec] { links_.Set(from, to, spec); });
}

void ForeignCluster::CutLink(const NodeId& from, const NodeId& to) {
  OnIo([this, from, to] { links_.SetCut(from, to, true); });
}

void ForeignCluster::HealLink(const NodeId& from, const NodeId& to) {
  OnIo([this, from, to] { links_.SetCut(from, to, false); });
}

void ForeignCluster::ResetLink(const NodeId& a, const NodeId& b) {
  OnIo([this, a, b] { links_.Reset(a, b); });
}

}  // namespace replsim
