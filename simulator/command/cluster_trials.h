// Trials for `replsim validate` from this simulator's own cluster in virtual time: what the model
// of simulator/theory/wars.h says of a quorum, done by the cluster of quorum_scenario.h.
//
// What a trial goes through is what a run goes through:
//  - the write: client, PrimaryCore, its log, the stream to every replica, ReplicaCore, its log,
//  its
//    acknowledgement, the gate (any W have received), the client's answer. Its latency is what the
//    client sees.
//  - the replicas apply what they receive; when they did stands in their stage traces.
//  - the read: all replicas at once, through the same sessions, cores and stores as every read, and
//    the newest of the first R answers, by what read_from: {replicas: R} uses
//    (simulator/workload/first_answers.h). Half of the reads start as the write is answered, the
//    others as much later as another write might take.
// What it does not go through: arrivals (there is one operation at a time, of one key), flushes,
// heartbeats, anything of the live runtime.
//
// When each of those R replicas was reached by the read, and when it had applied the write, tells
// how long after the write's answer a read with the same delays is fresh: fresh_after_ms. Whether
// this one was fresh is known from what it returned; a trial in which the two contradict each other
// ends the program.
#pragma once

#include "simulator/theory/wars.h"

namespace replsim {

// A cluster is started for the first trial, and a new one now and then, from the trials' own Rng.
// Copies of a source share it.
TrialSource ClusterTrials(const WarsModel& model, const Quorum& quorum);

}  // namespace replsim
