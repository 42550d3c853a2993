// Chooses the node of each read: a node of workload.read_from, kept as long as workload.session
// says. Not for read_from: {replicas: n}, which asks all replicas.
//
// Two kinds of random draws stay apart: those of each-read come from one stream for all clients, in
// the order of their reads; those of a pinned or moving client come from a stream of its own, so
// that they do not depend on what other clients do. Single-threaded.
#pragma once

#include <cstdint>
#include <vector>

#include "common/base/ids.h"
#include "common/base/rng.h"
#include "common/base/time.h"
#include "protos/scenario.pb.h"
#include "protos/types.pb.h"
#include "simulator/cluster/seam/cluster.h"

namespace replsim {

class ReadTargets {
 public:
  // `cluster` outlives it.
  ReadTargets(const proto::Workload& workload, const Cluster* cluster, const Rng& rng);

  // Returns the node for a read that begins now. Clients count from 1, as in the history.
  NodeId Choose(uint64_t client, Instant now);
  // A read that `client` had sent to a node has ended. `target` is the node's index in
  // Cluster::nodes(). If the node did not answer, a pinned client reads from another one next.
  void Ended(uint64_t client, uint16_t target, proto::Reason reason);

 private:
  struct Pin {
    explicit Pin(Rng own) : rng(own) {}
    Rng rng;
    NodeId node;  // empty before the first read
    bool must_move = false;
    Instant moves_at = kNever;
  };

  NodeId ChooseAnew(uint64_t client);
  // Returns the nodes that the client may read from; never empty.
  std::vector<NodeId> Candidates(uint64_t client) const;
  void Move(const std::vector<NodeId>& candidates, Instant now, Pin* pin);

  const Cluster* cluster_;
  const proto::ReadFrom from_;
  const bool moves_;         // node: moving
  const Nanos moves_every_;  // for node: moving
  Rng each_read_;
  std::vector<Pin> pins_;  // by client; empty for node: each-read
};

}  // namespace replsim
