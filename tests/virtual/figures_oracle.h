// A second implementation of figures of the report, as simple as possible. It computes each figure
// by scanning the scenario and the raw recording. It shares no code with the analysis, so both
// would have to contain the same mistake.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protos/scenario.pb.h"
#include "simulator/recording/recording.h"

namespace replsim {

class FiguresOracle {
 public:
  FiguresOracle(const Recording& recording, const proto::Scenario& scenario);

  // --- clients ---
  double PerSecond(bool writes, int64_t from, int64_t to, bool with_to) const;
  double Offered() const;
  std::optional<double> SlowestSecond() const;
  std::optional<uint64_t> ClientsNeeded() const;
  // Returns the longest time without a committed operation, in ms; for one group of clients if
  // `group` is not negative.
  std::optional<double> UnavailableMs(bool writes, int group) const;

  struct Phase {
    int64_t from = 0;
    int64_t to = 0;
    bool with_to = false;
    bool there() const { return from < to; }
  };
  Phase Healthy() const;
  Phase Stopped() const;
  Phase After() const;
  // Returns the latencies in ns of the committed operations that were due in the phase, ascending.
  std::vector<int64_t> Latencies(const Phase& phase, bool writes) const;
  // Ascending. Unknown writes count with the time they were waited for, or as infinite.
  std::vector<int64_t> WithUnknown(bool unknown_take_for_ever) const;

  // --- reads ---
  struct Reads {
    uint64_t stale = 0;
    uint64_t missing_lost = 0;
    uint64_t own_missed = 0;
    uint64_t own_excused = 0;  // of those, lost to a newer epoch that had begun
  };
  Reads CountReads() const;

  // --- the primary ---
  struct Primary {
    int64_t none = 0;    // ns of the load without a primary
    int64_t behind = 0;  // ns in which it lagged behind its sync set
    int64_t led = 0;
    double loss_time = 0;  // ns over which the loss is averaged
    double loss_writes = 0;
  };
  Primary WalkPrimary() const;
  // The mean lag of a node's receive stage in entries and ns, over the time in the load in which
  // the node was up and another node led.
  struct MeanLag {
    double entries = 0;
    double ns = 0;
  };
  std::optional<MeanLag> ReceiveLag(size_t node) const;
  std::optional<double> RedundancyMs() const;  // infinite: never
  std::optional<double> NewestSurvivorMs() const;
  uint64_t AckedLost() const;
  // Returns the bytes of every log record of the workload; 0 if they differ.
  uint64_t RecordBytes() const;

 private:
  struct Leader {
    uint64_t epoch = 0;
    size_t node = 0;
    int64_t since = 0;
    uint64_t after = 0;      // its own records begin after this LSN
    uint64_t took_over = 0;  // epoch of the last record that it held then
  };
  // A node's last log record from `time` on.
  struct Held {
    int64_t time = 0;
    uint64_t epoch = 0;
    uint64_t lsn = 0;
  };

  const Leader* LeaderOf(uint64_t epoch) const;
  // Returns the leader of the highest epoch that had begun by then.
  const Leader* LeadingAt(int64_t time) const;
  bool IsDown(size_t node, int64_t time) const;
  bool IsDead(const Leader& leader, int64_t time) const;
  bool IsBehind(const Leader& leader, int64_t time) const;
  uint64_t AckedBy(const Leader& leader, int64_t time) const;
  uint64_t EndOf(const Leader& leader, int64_t time) const;
  const Held* HeldAt(size_t node, int64_t time) const;
  // Returns the epoch of the record at `lsn` in the log of this epoch's leader.
  uint64_t EpochIn(uint64_t leader_epoch, uint64_t lsn) const;
  // Returns how much of the node's log is also in the leader's log.
  uint64_t Common(const Held& held, const Leader& leader) const;
  int64_t AppendedAt(const Leader& leader, uint64_t lsn) const;
  bool IsInFinalLog(const Operation& write) const;
  std::optional<int64_t> FirstFault() const;
  std::vector<int64_t> Instants() const;

  const Recording& recording_;
  const proto::Scenario& scenario_;
  const int64_t begin_;
  const int64_t end_;
  std::vector<std::string> groups_;
  std::vector<Leader> leaders_;
  std::vector<std::vector<Held>> held_;
};

}  // namespace replsim
