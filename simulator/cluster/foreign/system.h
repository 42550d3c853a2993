// The interface between ForeignCluster, which runs the nodes of any real system, and one system:
// simulator/cluster/redis, simulator/cluster/postgres. No other code asks which system it is.
//
// Threads: functions marked "blocking" run on a thread of their own and may wait for files and
// other programs; two of them never run at once. All others run on the io thread and never wait.
// Connections and taps live on the io thread, and their callbacks never run inside the call that
// takes them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "asio/io_context.hpp"
#include "common/base/ids.h"
#include "common/base/time.h"
#include "protos/recording.pb.h"
#include "simulator/cluster/foreign/native_log.h"
#include "simulator/cluster/live/relay.h"
#include "simulator/cluster/seam/cluster.h"

namespace replsim {

// One start of a node.
struct NodeStart {
  NodeId node;
  std::string folder;  // nodes/<id> of the run folder; exists
  uint16_t port = 0;   // on 127.0.0.1; free when the start began
  uint64_t life = 0;   // 1 for the first start of this node
  bool as_primary = false;
  Epoch epoch;                       // that of the primary: its own, or that of the one it follows
  NodeId primary;                    // the node that it follows; itself if `as_primary`
  uint16_t primary_port = 0;         // where it reaches that node: of the relay between the two
  uint16_t primary_direct_port = 0;  // the same without the relay, for tools (pg_rewind)
};

// The program to start for it.
struct Launch {
  std::string program;            // path
  std::vector<std::string> args;  // without the program's name
};

// A node's description of itself.
struct ForeignStatus {
  bool leads = false;
  // The node answers clients; of a replica: and it streams from its primary.
  bool ready = false;
  // Where its log ends, for comparison with other replicas: by epoch, then by position.
  uint64_t epoch = 0;
  uint64_t native = 0;
  std::string failure;  // why it will never be ready; empty if it may be
};

// One connection to a node, of a client or of the simulator itself. At most one request is under
// way on it. Destroying it closes it: then no callback runs any more.
class ForeignConnection {
 public:
  virtual ~ForeignConnection() = default;
  using Done = absl::AnyInvocable<void(absl::Status)>;

  // Connects to 127.0.0.1:`port`. `done` is called when requests can be sent, or with the error.
  virtual void Open(uint16_t port, Done done) = 0;
  // Called once if an open connection ends; a request under way has ended before.
  virtual void OnClosed(absl::AnyInvocable<void()> closed) = 0;

  // --- requests of clients ---
  // The result needs no `served_by` and no `position`. A request under way when the connection ends
  // is UNKNOWN (write) or REJECTED (read), DISCONNECTED.
  virtual void Write(absl::string_view key, absl::string_view value, OperationDone done) = 0;
  virtual void Read(absl::string_view key, OperationDone done) = 0;

  // --- requests of the simulator ---
  virtual void Describe(absl::AnyInvocable<void(absl::StatusOr<ForeignStatus>)> done) = 0;
  using KeyValues = std::vector<std::pair<std::string, std::string>>;
  // Every key of the load with its value, in any order.
  virtual void Scan(absl::AnyInvocable<void(absl::StatusOr<KeyValues>)> done) = 0;
  // Makes the node the primary of `epoch`. `done` when it accepts writes. Also called for a primary
  // that has restarted, before clients connect: its entries belong to `epoch` from now on.
  virtual void Promote(Epoch epoch, Done done) = 0;
  // Makes a running replica follow another primary, which it reaches at `port`. `done` when the
  // node has accepted it, not when it streams.
  virtual void Follow(const NodeId& primary, uint16_t port, Done done) = 0;
  // Called on the first primary before the load, once every node is ready: what only a running
  // cluster can be told (a checkpoint, synchronous standbys).
  virtual void FinishStart(Done done) { done(absl::OkStatus()); }
};

class ForeignSystem {
 public:
  virtual ~ForeignSystem() = default;

  virtual std::string name() const = 0;  // "redis"
  // What it does in a recording: which stages of a node are known, and how. positions, epochs,
  // settings and processes are set by the caller.
  virtual proto::Manifest::Evidence::Node StagesOf(const NodeId& node) const = 0;

  // Blocking. Called once, before the first node starts: finds the programs, makes templates. The
  // error names the Debian package if a program is missing. Returns the version: "7.0.15".
  virtual absl::StatusOr<std::string> Prepare() = 0;
  // Blocking. The same without making anything: for people who ask what is installed.
  virtual absl::StatusOr<std::string> Version() { return Prepare(); }
  // Blocking. Writes the node's files for this start and returns its command. For life > 1 the
  // folder holds the files of the previous life; its log has been read (ReadLog).
  virtual absl::StatusOr<Launch> PrepareStart(const NodeStart& start) = 0;
  // Blocking. Reads the log of a node that is down (or, at the end of the run, after KillAll).
  // Called after every life, before PrepareStart of the next one.
  virtual absl::StatusOr<NativeLog> ReadLog(const NodeId& node, const std::string& folder) = 0;

  virtual std::unique_ptr<ForeignConnection> Connect(asio::io_context* io) = 0;

  // Observes one direction of a connection that `dialler` has opened to `listener`. Null: nothing
  // to see in that direction. Steps go to `sink`, which outlives the tap.
  using StepSink = std::function<void(StageStep)>;
  virtual std::unique_ptr<PipeTap> NewTap(const NodeId& dialler, const NodeId& listener,
                                          Relay::Direction direction, StepSink sink) = 0;

  // The longest time from a process's start to the first answered Describe.
  virtual Nanos start_patience() const { return Millis(60'000); }
};

}  // namespace replsim
