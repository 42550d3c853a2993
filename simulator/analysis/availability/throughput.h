// What the load asked for, and how much of it was done while it was asked for.
//
//   committed    writes whose answer came inside the load, from its beginning to its end, both
//                included, divided by its length. Answers that come later do not count: a load that
//                is only worked off in the end was not kept up with
//   offered      open loop: the scenario's rate times its share of writes. Otherwise, or where the
//                recording has no scenario: writes that were due inside the load, divided by its
//                length
//   lowest       the fewest writes committed in one of the seconds [begin + k, begin + k + 1),
//                k = 0, 1, … that lie wholly inside the load. Absent where it is shorter
//   clients needed   open loop, by Little's law: rate × mean time of an operation, divided by how
//                many a client keeps in flight, rounded up. The mean is of the operations that were
//                sent and answered in the healthy phase (phases.h), from when they were sent
#pragma once

#include <cstdint>
#include <string>

#include "protos/report.pb.h"
#include "simulator/analysis/availability/phases.h"
#include "simulator/analysis/evidence/workload_facts.h"
#include "simulator/recording/recording.h"

namespace replsim {

// Writes committed inside the load per second of it; nothing where the load has no length.
std::optional<double> CommittedPerSecond(const Recording& recording);

proto::RunReport::Throughput MeasureThroughput(const Recording& recording,
                                               const WorkloadFacts& facts,
                                               const LoadPhases& phases);

// "16 clients cannot offer 3,000/s at 36 ms a write: 108 needed"; empty where they can, or where
// that is not known.
std::string TooFewClients(const Recording& recording, const WorkloadFacts& facts,
                          const LoadPhases& phases);

}  // namespace replsim
