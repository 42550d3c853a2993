#include "common/server/rpc/node_server.h"

#include <signal.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status.h"
#include "common/config/clock_convert.h"
#include "common/config/disk_convert.h"
#include "common/config/knob_convert.h"
#include "common/server/rpc/access_token.h"
#include "common/server/rpc/channel_args.h"
#include "common/server/rpc/control_service.h"
#include "common/server/rpc/kv_service.h"
#include "common/server/rpc/replication_service.h"
#include "grpcpp/alarm.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"

namespace replsim {
namespace {

// Limit of AfterSent. A peer that reads gets a message within microseconds.
constexpr std::chrono::milliseconds kSendPatience(200);

// Not flushed: the address is valid for this process only.
absl::Status WriteAddressFile(const std::string& path, const std::string& url) {
  FileSystem& fs = PosixFileSystem();
  const std::string fresh = path + ".new";
  REPL_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, fs.Open(fresh, /*create=*/true));
  REPL_RETURN_IF_ERROR(file->Truncate(0));
  REPL_RETURN_IF_ERROR(file->WriteAt(0, url + "\n"));
  return fs.Rename(fresh, path);
}

const sigset_t& Termination() {
  static const sigset_t set = [] {
    sigset_t made;
    sigemptyset(&made);
    sigaddset(&made, SIGTERM);
    return made;
  }();
  return set;
}

}  // namespace

void NodeServer::BlockTermination() { pthread_sigmask(SIG_BLOCK, &Termination(), nullptr); }

class NodeServer::Services {
 public:
  explicit Services(NodeServer& node)
      : kv(*node.loop_, node.requests_),
        replication(*node.loop_, node.peers_, node.peer_asks_),
        control(
            *node.loop_, node.peers_, node.failpoints_, node.storage_.recovery(), node.id_,
            [&node](const proto::SetDiskRequest& change) { node.SetDisk(change); },
            [&node] { node.RequestShutdown(); }) {}
  KvService kv;
  ReplicationService replication;
  ControlService control;
};

absl::StatusOr<std::unique_ptr<NodeServer>> NodeServer::Open(const proto::NodeConfig& config,
                                                             bool truncate_corruption) {
  const std::string& folder = config.data_dir();
  REPL_RETURN_IF_ERROR(CheckAccessToken(config.token()));
  REPL_RETURN_IF_ERROR(PosixFileSystem().MakeFolder(folder));
  REPL_ASSIGN_OR_RETURN(std::unique_ptr<DurableExtents> extents,
                        OpenMappedDurableExtents(absl::StrCat(folder, "/", kDurableExtentsName)));
  auto disk = std::make_unique<Disk>(std::move(extents));
  REPL_ASSIGN_OR_RETURN(NodeStorage storage,
                        NodeStorage::Open(disk->files, folder,
                                          ToLogOptions(config.durability(), truncate_corruption)));
  auto node =
      std::unique_ptr<NodeServer>(new NodeServer(config, std::move(disk), std::move(storage)));
  if (config.record()) {
    REPL_ASSIGN_OR_RETURN(node->recorder_, StageRecorder::Open(config.data_dir() + "/trace"));
  }
  Node::Options options;
  options.id = node->id_;
  for (const std::string& name : config.nodes()) options.nodes.emplace_back(name);
  for (const std::string& name : config.witnesses()) options.nodes.emplace_back(name);
  const proto::Durability& as_replica =
      config.has_replica_durability() ? config.replica_durability() : config.durability();
  options.acks_tell_flush = as_replica.sync() != proto::OS;
  REPL_ASSIGN_OR_RETURN(const DurabilityKnobs durability, ToKnobs(config.durability()));
  REPL_ASSIGN_OR_RETURN(
      node->loop_,
      NodeLoop::Open(std::move(options), node->storage_, *node, node->failpoints_,
                     node->recorder_.get(), durability.io, FromWire(config.monotonic_clock())));
  return node;
}

NodeServer::NodeServer(const proto::NodeConfig& config, std::unique_ptr<Disk> disk,
                       NodeStorage storage)
    : config_(config),
      id_(config.id()),
      disk_(std::move(disk)),
      storage_(std::move(storage)),
      peers_([this](Event event) { loop_->Post(std::move(event)); }, config.token()) {
  for (const auto& [peer, address] : config.peers()) peers_.SetAddress(NodeId(peer), address);
}

NodeServer::~NodeServer() {
  metrics_.reset();
  peers_.CloseAll();
  if (server_ != nullptr) {
    // The server waits for all calls, also for a Promote or Demote in progress.
    loop_->Do([](Node& node) {
      node.AbandonRoleChange(absl::AbortedError("the node is shutting down"));
    });
    peer_asks_.AbandonAll();
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(200));
    server_->Wait();
    absl::Notification ended;
    loop_->Do([this, &ended](Node& node) {
      const absl::Status clean = node.ShutDown();
      if (!clean.ok() && !absl::IsFailedPrecondition(clean)) {
        std::fprintf(stderr, "%s: the shutdown is not clean: %s\n", id_.name().c_str(),
                     std::string(clean.message()).c_str());
      }
      ended.Notify();
    });
    ended.WaitForNotification();
  }
}

CoreStart NodeServer::start() const { return loop_->start(); }
Instant NodeServer::Now() const { return loop_->Now(); }

absl::Status NodeServer::Serve(std::unique_ptr<Core> core, bool leads, Node::Cores cores) {
  services_ = std::make_unique<Services>(*this);
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  ConfigureServer(builder);
  int port = 0;
  builder.AddListeningPort(
      config_.listen(),
      config_.token().empty() ? grpc::InsecureServerCredentials() : RequireToken(config_.token()),
      &port);
  builder.RegisterService(&services_->kv);
  builder.RegisterService(&services_->replication);
  builder.RegisterService(&services_->control);
  // The core runs before the first call can arrive.
  loop_->Run(std::move(core), leads, std::move(cores));
  if (config_.has_wall_clock()) {
    loop_->Do([clock = FromWire(config_.wall_clock())](Node& node) { node.SetWallClock(clock); });
  }
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port == 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", config_.listen(),
                     ": the port is in use or not permitted; 0 selects a free one"));
  }
  server_->GetHealthCheckService()->SetServingStatus(true);
  REPL_ASSIGN_OR_RETURN(
      metrics_, MetricsEndpoint::Open(id_, loop_.get(), static_cast<int>(config_.metrics_port())));
  REPL_RETURN_IF_ERROR(WriteAddressFile(config_.data_dir() + "/metrics", metrics_->url()));
  const std::vector<std::string> host_port = absl::StrSplit(config_.listen(), ':');
  std::printf("listening %s:%d\n", host_port.front().c_str(), port);
  std::fflush(stdout);
  return absl::OkStatus();
}

void NodeServer::RequestShutdown() {
  if (!shutdown_requested_.exchange(true)) shutdown_.Notify();
}

void NodeServer::WaitForShutdown() {
  std::thread terminated([this] {
    int signal = 0;
    sigwait(&Termination(), &signal);
    RequestShutdown();
  });
  shutdown_.WaitForNotification();
  pthread_kill(terminated.native_handle(), SIGTERM);
  terminated.join();
}

void NodeServer::SetDisk(const proto::SetDiskRequest& change) {
  const auto seed = static_cast<uint64_t>(ToNanos(MonotonicNow()));
  Break(change, Rng(seed).Fork(id_.name()), MonotonicNow(), &disk_->faults);
  if (change.heal()) disk_->slow_flush.Healed();
}

void NodeServer::EndTurn() {
  requests_.FlushAll();
  peers_.FlushAll();
}

// The wait is limited, because a peer that does not read would block `then` indefinitely.
void NodeServer::AfterSent(absl::AnyInvocable<void()> then) {
  struct Once {
    std::atomic<bool> done{false};
    absl::AnyInvocable<void()> then;
    void Run() {
      if (!done.exchange(true)) then();
    }
  };
  const auto once = std::make_shared<Once>();
  once->then = std::move(then);
  requests_.AfterReceived([this, once] { peers_.AfterSent([once] { once->Run(); }); });
  if (once->done) return;
  auto alarm = std::make_shared<grpc::Alarm>();
  alarm->Set(std::chrono::system_clock::now() + kSendPatience, [once, alarm](bool) mutable {
    const auto last = std::move(alarm);  // else it would hold itself for ever
    once->Run();
  });
}

}  // namespace replsim
