// Trials for `replsim validate` from this simulator's own cluster in virtual time. They run the
// quorum model of simulator/theory/wars.h on the cluster of quorum_scenario.h.
//
// A trial takes the path of a normal run:
//   - Write: client, PrimaryCore, its log, the stream to every replica, ReplicaCore, its log, its
//     acknowledgement, the gate (any W have received), the client's answer. The latency is the
//     client's.
//   - Apply: the replicas apply what they receive. Their stage traces hold the times.
//   - Read: all replicas at once through the usual sessions, cores and stores. The newest of the
//     first R answers counts, as with read_from: {replicas: R}
//     (simulator/workload/quorum_read.h). Half of the reads start when the write is answered, the
//     others later by the latency that another write might have.
// A trial does not cover arrivals (one operation at a time, of one key), flushes, heartbeats or the
// live runtime.
//
// fresh_after_ms is the delay after the write's answer from which a read with the same link delays
// is fresh. It follows from two times of each of the R replicas: when the read reached the replica,
// and when the replica had applied the write. The value that the read returned must agree; a
// contradiction ends the program.
#pragma once

#include "simulator/theory/wars.h"

namespace replsim {

// Starts a cluster for the first trial and a new one after a fixed number of trials, seeded from
// the trials' own Rng. Copies of a source share the cluster.
TrialSource ClusterTrials(const WarsModel& model, const Quorum& quorum);

}  // namespace replsim
