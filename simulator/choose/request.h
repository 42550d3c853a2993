// What `replsim choose` is asked: which modes, on which cluster, under which load, for which
// failures. Values are texts in the form of a scenario file, already checked. Plain data.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace replsim {

// The round-trip time between two nodes, both directions together.
struct RoundTrip {
  std::string a;
  std::string b;
  std::string rtt;  // "0.8ms"
  bool operator==(const RoundTrip&) const = default;
};

// Parses "r1=0.8ms,r2=35ms,r1-r2=34ms": a node alone means its link to the primary. Every replica
// from r1 on needs one of these. A pair of replicas that is left out has the longer of their two
// round trips to the primary. INVALID_ARGUMENT quotes the part that is wrong.
absl::StatusOr<std::vector<RoundTrip>> ParseRoundTrips(absl::string_view text);
// Number of replicas of the cluster.
uint32_t ReplicasOf(const std::vector<RoundTrip>& round_trips);

// Expands names of presets and of their families: "postgres" stands for every "postgres:…", and
// "replsim" for the presets that belong to no system. Without names, the latter. Each preset once.
absl::StatusOr<std::vector<std::string>> ExpandModes(const std::vector<std::string>& names);

struct ChooseRequest {
  std::vector<std::string> modes;  // names of presets
  std::string rtt;                 // as given
  std::vector<RoundTrip> round_trips;
  std::string flush;                  // duration of a flush of each node: "1.5ms"
  std::string rate;                   // operations offered, reads included: "3000/s"
  double read_percent = 0;            // 0 to 100
  std::string read_from;              // where reads go: "primary"
  uint32_t clients = 0;               // 0: as many as the rate needs (ClientsOf)
  std::string value_size;             // "100"
  std::string duration;               // of the load of each run
  std::vector<std::string> failures;  // names of failures (failures.h)
  uint32_t tries = 0;             // runs per failure, each at another instant and with another seed
  uint32_t repeat = 0;            // healthy runs, each with another seed
  std::string promote_after;      // from the failure to the promotion of the best replica
  std::string outage;             // how long a replica hangs, and how long a partition lasts
  std::vector<std::string> sets;  // --set PATH=VALUE, for every run
  // More of them for single modes, before `sets`.
  std::map<std::string, std::vector<std::string>> mode_sets;
};

// Clients that the rate needs at twice the longest round trip and eight flushes: 16 to 4,000. With
// fewer, an open loop offers less than its rate, and the table would show the clients' limit.
uint32_t ClientsOf(const ChooseRequest& request);

}  // namespace replsim
