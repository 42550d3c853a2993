// The WARS model of a Dynamo-style quorum (Bailis et al., "Probabilistically Bounded Staleness for
// Practical Partial Quorums", VLDB 2012, section 4): a write goes to all N replicas and is answered
// at the W-th acknowledgement; a read, t later, goes to all N and is answered by the R fastest. Per
// replica four latencies decide: W, the write there; A, its acknowledgement; R, the read there; S,
// its answer.
#pragma once

#include <functional>
#include <span>

#include "common/base/rng.h"
#include "simulator/theory/latency_mix.h"

namespace replsim {

inline constexpr int kWarsReplicasMax = 16;

struct Quorum {
  int n = 3;  // replicas
  int r = 1;  // answers a read waits for
  int w = 1;  // acknowledgements a write waits for
};

struct ReplicaDelays {
  double w_ms = 0;
  double a_ms = 0;
  double r_ms = 0;
  double s_ms = 0;
};

// One write and one read after it.
struct Trial {
  double write_ms = 0;        // latency to the client
  double read_ms = 0;         // latency to the client
  double fresh_after_ms = 0;  // the read is fresh iff it starts this long after the write's answer
};

// Where trials come from: this model, or a cluster that was measured. Independent of each other,
// and the same again from an Rng of the same seed.
using TrialSource = std::function<Trial(Rng&)>;

// The read is fresh at t iff one of its R fastest replicas (by R + S) has the write when the read
// arrives: w_t + t + R_i >= W_i, w_t being the write's latency. The smallest such t, never below 0.
Trial TrialOf(std::span<const ReplicaDelays> replicas, const Quorum& quorum);

struct WarsModel {
  LatencyMix write;  // W
  LatencyMix rest;   // A, R and S
  // Not 0: every replica is in a data centre of its own, the writer and the reader each in one of
  // them, drawn for every trial, and every message between two of them takes this much longer.
  double remote_ms = 0;
};

TrialSource ModelTrials(const WarsModel& model, const Quorum& quorum);

}  // namespace replsim
