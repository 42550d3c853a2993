// The streams between the nodes of a virtual cluster; the counterpart of
// common/server/rpc/peer_streams. A stream delivers in order. Its end reaches the other side after
// the delay of the link. A message that left a node before the node died still arrives, unless a
// cut held it back until then: gRPC loses messages that arrive together with the end of a
// connection.
//
// Single-threaded, under the scheduler.
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
  // `nodes` have the numbers of the network's ends. All pointers outlive this object.
  VirtualStreams(VirtualNetwork* network, Scheduler* scheduler)
      : network_(network), scheduler_(scheduler) {}
  void SetNodes(std::vector<VirtualNode*> nodes);

  // Each call acts for node `from`, at `depart`.
  void Dial(size_t from, StreamId stream, size_t to, Instant depart);
  void Send(size_t from, StreamId stream, Message message, Instant depart);
  void Close(size_t from, StreamId stream, Instant depart);
  // A request or an answer that is under way for longer than kAskDeadline is lost, as in a live
  // run.
  void Ask(size_t from, size_t to, const PeerRequest& request, Instant depart);
  void AnswerAsk(size_t from, AskId ask, const PeerAnswer& answer, Instant depart);
  // Breaks the connections between the two nodes; messages in flight are lost.
  void Reset(size_t a, size_t b);
  // The node has died: its streams end, and messages that had not left it are lost.
  void Died(size_t node);
  // The node died with its host: its peers see their connections reset at once.
  void HostLost(size_t node);
  // The node reads again (VirtualNode::reads_peers) and receives what arrived meanwhile. Messages
  // of streams that have ended since are dropped, as gRPC drops them.
  void ReadsAgain(size_t node);

 private:
  struct End {
    size_t node = 0;
    StreamId stream;
    bool open = false;
    Instant closed_at = kNever;  // messages that would leave later do not
    // Returns whether a message that left at `depart`, perhaps held back by a cut, is delivered.
    bool Delivers(Instant depart, bool held) const {
      return depart <= closed_at && !(held && closed_at != kNever);
    }
  };
  struct Connection {
    End ends[2];         // the dialler, then the listener
    bool reset = false;  // nothing of it arrives any more
  };
  struct Place {
    std::shared_ptr<Connection> connection;
    size_t side = 0;
  };
  using Streams = absl::btree_map<StreamId, Place>;

  void Arrived(const std::shared_ptr<Connection>& connection, size_t side, Event event);
  // Runs `hand` now or when the node reads from its peers again, in the order of arrival. Never if
  // the node is down.
  void ToNode(size_t node, absl::AnyInvocable<void()> hand);
  void CloseSide(const Place& place, Instant depart);
  void Closed(const End& end);     // tells the node
  void Break(const Place& place);  // both ends see it at once
  // Hands the event to `to` unless it has left `from` too long ago.
  void TransmitAsk(size_t from, size_t to, Instant depart, absl::AnyInvocable<void()> hand);

  VirtualNetwork* const network_;
  Scheduler* const scheduler_;
  std::vector<VirtualNode*> nodes_;
  std::vector<Streams> streams_;                                 // per node
  std::vector<std::vector<absl::AnyInvocable<void()>>> unread_;  // per node
  std::vector<absl::btree_map<AskId, size_t>> asked_by_;  // per node: who waits for its answers
  uint64_t next_ask_ = 1;
  uint64_t next_accepted_ = 1'000'000'000;  // disjoint from the ids that replicas assign
};

}  // namespace replsim
