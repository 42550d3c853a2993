// The WARS model of a Dynamo-style quorum (Bailis et al., "Probabilistically Bounded Staleness for
// Practical Partial Quorums", VLDB 2012, section 4). A write goes to all N replicas and is
// acknowledged after W acknowledgements. A read starts t later, goes to all N replicas, and returns
// after the R fastest responses. Each replica has four latencies: W, the write request; A, its
// acknowledgement; R, the read request; S, its response.
#pragma once

#include <functional>
#include <span>

#include "common/base/rng.h"
#include "simulator/theory/latency_mix.h"

namespace replsim {

inline constexpr int kWarsReplicasMax = 16;

struct Quorum {
  int n = 3;  // replicas
  int r = 1;  // responses that a read waits for
  int w = 1;  // acknowledgements that a write waits for
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
  double fresh_after_ms = 0;  // smallest t (from the write's answer) at which the read is fresh
};

// A source of trials: this model, or a measured cluster. Trials are independent, and an Rng with
// the same seed gives the same trials.
using TrialSource = std::function<Trial(Rng&)>;

// The read is fresh at t if one of its R fastest replicas (by R + S) has the write when the read
// arrives: w_t + t + R_i >= W_i, where w_t is the latency of the write. fresh_after_ms is the
// smallest such t, never below 0.
Trial TrialOf(std::span<const ReplicaDelays> replicas, const Quorum& quorum);

struct WarsModel {
  LatencyMix write;  // W
  LatencyMix rest;   // A, R and S
  // Extra latency in ms of each message between data centres; 0: a single data centre. Otherwise
  // each replica is in its own data centre, and each trial draws the data centres of the writer and
  // of the reader.
  double remote_ms = 0;
};

TrialSource ModelTrials(const WarsModel& model, const Quorum& quorum);

}  // namespace replsim
