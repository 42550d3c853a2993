// The promise of a mode whose nodes elect their primary: whether an election can lose a write that
// was acknowledged. Any node may be elected at any time, so the faults and their order do not
// matter, only the knobs.
//
// A write is acknowledged when the primary and K replicas hold it (K by the sync set). A candidate
// wins with V votes of N nodes (failover.granted_by). If 1 + K + V > N, at least one voter holds
// the write. With grant_rule: not-behind that voter refuses a candidate whose log ends earlier than
// its own, and having voted it refuses the old primary. So the winner holds the write (Raft,
// section 5.4.3). The records that it inherits must count as committed only behind one of its own
// epoch (section 5.4.2).
//
// If a witness picks the primary (initiator: witness), it compares the logs of the nodes that
// answer its poll, which proves nothing about the others. The picked node is then sure to hold the
// write only if every node does.
//
// With grant_rule: in-sync-set, the published set takes the place of counting: its members have
// every acknowledged write, and only they are elected (primary/core/in_sync_set.h).
//
// With grant_rule: in-sync-quorum, counting comes back, within the published set: K replicas of it
// (in_sync.acks) and the primary hold a write, and of its N members N - K vote, the elected one
// included: 1 + K + N - K > N. None of them has a longer log than the elected node.
//
// Nodes that lose what they had only in memory. Without failover.unclean_restart: not-eligible such
// a node may be elected, so one of them is enough to lose a write. With it, a node that died is not
// elected before it has caught up, and the elected node has every acknowledged write, whatever
// dies. What is left to lose are all copies at once: an acknowledged write is on the primary and on
// at least in_sync.min replicas, so it survives if at most in_sync.min nodes lose their memory. If
// more do, no node leads that lacks it, but it may be gone. A node that dies several times counts
// once, because it is given the write again before it counts.
#pragma once

#include <string>

#include "protos/scenario.pb.h"

namespace replsim {

// One clause that says why an election may lose an acknowledged write; empty if it cannot, as long
// as the nodes keep what they have acknowledged. `scenario` is resolved, and its nodes elect.
std::string WhyElectionMayLose(const proto::Scenario& scenario);

// Whether a node that was not shut down in order is not eligible, so that copies are counted.
bool CountsCopies(const proto::Scenario& scenario);
// One clause that says why every copy of an acknowledged write may be lost; empty if one survives.
// `in_memory`: the copies are in the memory of the processes, not in page caches.
std::string WhyCopiesMayBeLost(const proto::Scenario& scenario, bool in_memory);

}  // namespace replsim
