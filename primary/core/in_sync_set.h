// The in-sync set of a primary: the nodes that have every acknowledged write, of which one may
// succeed the primary. The gates wait for all of its replicas (sync_set: in-sync), the witnesses
// store it, and with grant_rule: in-sync-set they vote for its members only. Patroni keeps such a
// set in the key /sync of its store, Kafka as the ISR of a partition, which its controller stores.
//
// Order of a change. The gates first wait for a replica that joins, which is nearly caught up then.
// It is published when it has everything that is committed. A member that leaves is removed from
// the published set first, and the gates wait for it until enough witnesses have stored the new
// set. So the gates wait for the union of the set that is stored, the one that was published last,
// and the replicas that join. The next change is published when the last one is stored. Until the
// first set of the epoch is stored, the gates are closed.
//
// Why it is safe. "Stored" means by as many witnesses as elect a primary (failover.granted_by),
// which is more than half: any two such groups have a witness in common. Let a write be
// acknowledged in epoch E while v is the stored version. A node that is elected in a later epoch
// has the vote of a witness that had stored v before it voted, because a witness that has voted
// takes no set of a lower epoch. That witness stores version v or a later one when it votes, and
// the elected node is a member of it. If that version was published before the acknowledgement, the
// gates waited for the node. If it was published afterwards, the node was a member before, or it
// joined: and a replica is published only when it has everything up to the commit position and the
// inherited records, and the gates wait for it from then on. In all cases the node has the write.
// It does not lose it, as long as nodes keep what they have reported: a node that has voted or
// stands takes no records of a lower epoch.
//
// Nodes that do not keep it. A gate below replica-flush counts what is in page caches, and a power
// loss takes it. A process that finds no mark of a clean shutdown may have lost what it had
// reported (common/node/node_storage.h); call it unclean. With unclean_restart: not-eligible an
// unclean node does not stand until a primary tells it, on the stream that it has opened since,
// that it is a stored member. That primary has removed it from the set first, and published it
// again when its new reports covered what is committed and inherited. So at that version the node
// has every acknowledged write, and from then on the argument above holds for it as for any other
// replica: a later primary has a voter that stores this version or a newer one. Before that it may
// still be a member of a stored set, but such a member is not elected, because it does not stand.
// Its own memory suffices for this: it needs no witness, and no primary that is alive. A primary
// that was elected begins with unclean members in its set if they have not connected to it; they
// count for in_sync.min until they do. An unclean member is removed even if too few others are
// left: the gates are closed then. If every member is unclean, no node is elected. KIP-966 does the
// same in the controller, which learns of an unclean shutdown when the broker registers.
//
// With a gate at replica-flush, and a primary that flushes, no restart loses what was reported, and
// the rule is not needed.
//
// The elected node begins with the newest set that its voters have stored, so that the same holds
// for the writes of all epochs before it: each published set consists of nodes that have them. It
// leaves out the primary that it replaces, and acknowledges nothing before its own set is stored.
// If no voter has stored a set, no earlier primary has acknowledged a write, and it begins alone.
//
// A quorum of the set (in_sync.acks, with grant_rule: in-sync-quorum; Patroni's quorum commit). The
// gates wait for any K of the replicas in the set, K being in_sync.acks or, in a smaller set, all
// of them. The set P, the primary included, is published with a number: that many members other
// than the elected one must vote for it, and a node votes for no candidate whose log ends before
// its own. With the elected one that makes |P| - K members. A write has 1 + K holders in P, and 1 +
// K + |P| - K > |P|, so one of them holds the write, and the elected node does as well. This must
// be true of every published set and all writes that are committed when it is stored, so:
// * A set is published only if K of its replicas have what is committed and inherited. Adding a
//   replica to a set that is larger than K does not lower this position; taking one out may.
// * Until it is stored, the gates need both sets, the old and the new one.
// * An elected node begins alone. It knows that it has every acknowledged write; of the members
// that
//   voted for it, it knows only that one of them all has each.
// Nothing is changed by the order of epochs: a member of a set of a later epoch has everything that
// its primary had inherited, because that counts as committed here.
//
// No argument needs clocks or leases. The set may consist of the primary alone: then only this node
// may lead again, and without it writes stop instead of being lost.
//
// Part of a core: single-threaded, without I/O. Times are on the primary's clock.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "absl/functional/function_ref.h"
#include "common/base/ids.h"
#include "common/base/time.h"
#include "common/protocol/effects.h"
#include "common/protocol/knobs.h"

namespace replsim {

class InSyncSet {
 public:
  struct Replica {
    NodeId id;
    bool connected = false;
    Lsn position;  // of the stage that the gates wait for
  };

  // `candidates`: the replicas that may be members. `told`: the newest set of the voters that
  // elected `primary`. `enough`: the number of witnesses that must store a set.
  InSyncSet(const InSyncKnobs& knobs, NodeId primary, Epoch epoch, const PublishedSet& told,
            const std::vector<NodeId>& candidates, size_t enough, Instant now);

  // Looks at all replicas, and publishes a new version if one is due. A replica must have reached
  // `committed` to join; it has caught up when it has reached `last`, the end of the log.
  void Update(const std::vector<Replica>& replicas, Lsn committed, Lsn last, Instant now);
  // A replica has connected that may lack what it had reported (Hello::unclean).
  void HandleUnclean(const NodeId& replica);
  // The witness stores this version of this epoch.
  void HandleStored(const NodeId& witness, uint64_t version, Effects* out);

  // The version to publish. Repeated until it is stored.
  const PublishedSet& published() const { return published_; }
  bool is_stored() const { return is_stored_; }
  // The witnesses store this replica as a member, so that it may be elected. Not true of a member
  // that has connected as unclean, until it has been removed and published again.
  bool IsStoredMember(const NodeId& replica) const;

  // --- for the gates ---
  using PositionOf = absl::FunctionRef<Lsn(const NodeId& replica)>;
  // The position up to which enough replicas of the set have everything: of the one that is stored,
  // the one that was published last, and that one with the replicas that join. At most `last`; 0 if
  // no write may pass, because no set of this epoch is stored or it has too few replicas.
  Lsn Reached(Lsn last, PositionOf position) const;
  bool is_closed() const;
  // The replicas that must have a write, or of which in_sync.acks must have it. Includes those that
  // join and those that leave.
  const std::set<NodeId>& waits_for() const { return waits_for_; }

  // When a member is to leave, unless it catches up.
  Instant NextTimer() const;

 private:
  // How long a replica has lacked what the primary had. It is behind since the newest instant whose
  // end of the log it has reached; that is known from one sample at a time.
  struct Lag {
    struct Sample {
      Instant at;
      Lsn last;  // the end of the log then
    };
    std::optional<Instant> behind_since;  // absent: it has caught up
    std::optional<Sample> sample;         // not reached yet
    std::optional<Instant> reached;       // when the newest sample was taken that it has reached
    bool unclean = false;                 // it has connected as unclean and was not published since
  };

  void Observe(const Replica& replica, Lsn last, Instant now);
  bool IsOverdue(const NodeId& id, Instant now) const;
  bool IsUnclean(const NodeId& id) const { return lags_.at(id).unclean; }
  bool IsNear(const NodeId& id, Instant now) const;
  std::set<NodeId> Remaining(Instant now) const;
  bool BeginsAlone(const PublishedSet& told) const;
  Lsn AckedBy(const std::set<NodeId>& replicas, Lsn last, PositionOf position) const;
  size_t AcksOf(const std::set<NodeId>& replicas) const;
  void PublishIfCovered(std::set<NodeId> next, const std::vector<Replica>& replicas, Lsn committed,
                        Lsn last);
  void Publish(std::set<NodeId> replicas);
  void FindWhomToWaitFor();

  const InSyncKnobs knobs_;
  const NodeId primary_;
  const Epoch epoch_;
  const size_t enough_;
  Instant updated_;
  std::map<NodeId, Lag> lags_;  // of the candidates
  PublishedSet published_;
  std::set<NodeId> newest_;   // the replicas in published_
  bool is_stored_ = false;    // published_ is
  bool has_stored_ = false;   // some version of this epoch is
  std::set<NodeId> stored_;   // the replicas in the newest stored version
  std::set<NodeId> joining_;  // replicas that are waited for and not published yet
  std::set<NodeId> waits_for_;
  std::map<NodeId, uint64_t> versions_;  // that each witness stores
};

}  // namespace replsim
