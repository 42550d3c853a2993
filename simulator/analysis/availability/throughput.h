// Throughput: the offered load, and how much of it was committed during the load.
//
//   committed    writes acknowledged inside the load (both ends included), divided by its length.
//                Later answers do not count, so that a backlog finished after the load shows as a
//                lower rate
//   offered      open loop: the scenario's rate times its share of writes. Otherwise, or without a
//                scenario in the recording: writes due inside the load, divided by its length
//   lowest       the fewest writes committed in one of the seconds [begin + k, begin + k + 1),
//                k = 0, 1, … that lie wholly inside the load. Absent if the load is below 1 s
//   clients needed   open loop, by Little's law: rate × mean latency / operations that one client
//                keeps in flight, rounded up. The mean is over the operations sent and answered in
//                the healthy phase (phases.h), counted from the instant they were sent
#pragma once

#include <cstdint>
#include <string>

#include "protos/report.pb.h"
#include "simulator/analysis/availability/phases.h"
#include "simulator/analysis/evidence/workload_facts.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Writes committed inside the load, per second. Absent if the load has length zero.
std::optional<double> CommittedPerSecond(const Recording& recording);

proto::RunReport::Throughput MeasureThroughput(const Recording& recording,
                                               const WorkloadFacts& facts,
                                               const LoadPhases& phases);

// "16 clients cannot offer 3,000/s at 36 ms a write: 108 needed". Empty if the clients suffice or
// if the need is unknown.
std::string TooFewClients(const Recording& recording, const WorkloadFacts& facts,
                          const LoadPhases& phases);

}  // namespace replsim
