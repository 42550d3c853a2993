// The capabilities of a cluster beyond reads and writes. Each cluster states its own, and a
// scenario that needs more is refused before anything starts (scenario_needs.h). Plain data; any
// thread.
#pragma once

#include <cstdint>
#include <initializer_list>

namespace replsim {

enum class Capability : uint8_t {
  // Faults.
  kKill,         // kill a node's process
  kRestart,      // start a node that is down
  kPause,        // stop a node's process and let it continue
  kPromote,      // make a replica the primary
  kHostLoss,     // lose a node's machine and everything on its wires
  kPowerLoss,    // lose what a node has not flushed
  kDiskFaults,   // a slow, full or failing disk
  kBitFlips,     // change a bit in a node's log
  kFailpoints,   // stop a node at a named point in the life of a write
  kSlowApply,    // delay each entry that a node applies
  kSlowNode,     // give a node a share of a processor
  kClockOffset,  // shift a node's wall clock
  kLinkDelay,    // delay, jitter, bandwidth and loss of a link
  kPartitions,   // drop everything that a link carries
  kLinkReset,    // break the connections of a link
  // The load.
  kTickets,         // Submit and AskTicket
  kCommands,        // delete, compare-and-set, append and transaction
  kSameRequest,     // apply a request once, however often a client sends it
  kReadAtPosition,  // a read that waits until its node has applied a position
  kSettings,        // the replication and durability settings of a scenario apply to its nodes
  // Evidence.
  kPositions,    // reads, writes, statuses and scans state dense positions (epoch:lsn)
  kStageTraces,  // every node records each advance of its stages
  kProcesses,    // the cluster reports every start and death of a node's process
  kEpochs,       // leadership has numbered epochs, and the recording says who led when
  kLogs,         // the log of every node can be read when the run has ended
  kDigests,      // every node states a digest of its data
};
inline constexpr int kCapabilityCount = static_cast<int>(Capability::kDigests) + 1;

// The name in messages and documentation: "failpoints", "disk-faults".
const char* NameOf(Capability capability);

class CapabilitySet {
 public:
  constexpr CapabilitySet() = default;
  constexpr CapabilitySet(std::initializer_list<Capability> capabilities) {
    for (const Capability capability : capabilities) bits_ |= Bit(capability);
  }
  static constexpr CapabilitySet All() {
    CapabilitySet all;
    all.bits_ = (uint64_t{1} << kCapabilityCount) - 1;
    return all;
  }
  constexpr bool Has(Capability capability) const { return (bits_ & Bit(capability)) != 0; }
  constexpr bool HasAll(const CapabilitySet& of) const { return (of.bits_ & ~bits_) == 0; }
  constexpr bool operator==(const CapabilitySet&) const = default;

 private:
  static constexpr uint64_t Bit(Capability capability) {
    return uint64_t{1} << static_cast<int>(capability);
  }
  uint64_t bits_ = 0;
};

}  // namespace replsim
