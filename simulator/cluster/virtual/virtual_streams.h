// The streams between the nodes of a virtual cluster: what common/server/rpc/peer_streams is live.
// A stream delivers in order, and ends for the other side some time after it has ended for one. A
// message that had left a node before the node died still arrives; one that a cut link held back
// until then is lost with the stream, as gRPC loses what comes together with the end of a
// connection.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "common/protocol/events.h"
#include "simulator/cluster/virtual/virtual_network.h"

namespace replsim {

class VirtualNode;

class VirtualStreams {
 public:
  // `nodes` are numbered as the network's ends are. All outlive it.
  VirtualStreams(VirtualNetwork* network, Scheduler* scheduler)
      : network_(network), scheduler_(scheduler) {}
  void SetNodes(std::vector<VirtualNode*> nodes);

  // Of node `from`, at `depart`.
  void Dial(size_t from, StreamId stream, size_t to, Instant depart);
  void Send(size_t from, StreamId stream, Message message, Instant depart);
  void Close(size_t from, StreamId stream, Instant depart);
  void Ask(size_t from, size_t to, const PeerRequest& request, Instant depart);
  // The connections between the two break; what is on its way is lost.
  void Reset(size_t a, size_t b);
  // The node has died: its streams end, what had not left it is lost.
  void Died(size_t node);
  // Its machine is gone, and it has died: the other ends see a reset of its connections at once.
  void HostLost(size_t node);
  // The node reads again (VirtualNode::reads_peers) and is handed what has come since it stopped
  // to; of streams that have ended since, gRPC hands out no message any more.
  void ReadsAgain(size_t node);

 private:
  struct End {
    size_t node = 0;
    StreamId stream;
    bool open = false;
    Instant closed_at = kNever;  // what would leave after it does not
    // Whether what left at `depart`, and was perhaps held back, gets through.
    bool Delivers(Instant depart, bool held) const {
      return depart <= closed_at && !(held && closed_at != kNever);
    }
  };
  struct Connection {
    End ends[2];         // who dialled, who was dialled
    bool reset = false;  // nothing of it arrives any more
  };
  struct Place {
    std::shared_ptr<Connection> connection;
    size_t side = 0;
  };
  using Streams = absl::btree_map<StreamId, Place>;

  void Arrived(const std::shared_ptr<Connection>& connection, size_t side, Event event);
  // Runs `hand` now, or when the node reads from its peers again, in the order of arrival; never
  // where the node is down.
  void ToNode(size_t node, absl::AnyInvocable<void()> hand);
  void CloseSide(const Place& place, Instant depart);
  void Closed(const End& end);     // its node is told
  void Break(const Place& place);  // both ends see it at once

  VirtualNetwork* const network_;
  Scheduler* const scheduler_;
  std::vector<VirtualNode*> nodes_;
  std::vector<Streams> streams_;                                 // per node
  std::vector<std::vector<absl::AnyInvocable<void()>>> unread_;  // per node
  uint64_t next_accepted_ = 1'000'000'000;  // apart from those that the replicas make up
};

}  // namespace replsim
