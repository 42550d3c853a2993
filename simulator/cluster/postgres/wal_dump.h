// Reads what pg_waldump prints about messages and transactions. Each write of the load emits a
// transactional message with its name into the WAL (WritePayload), so that its COMMIT can be
// attributed to it, also in the files of a node that was killed. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/base/time.h"
#include "simulator/cluster/foreign/native_log.h"

namespace replsim {

// The prefix of the messages of replsim.
inline constexpr absl::string_view kWalMessagePrefix = "rs";

// The payload of a write's message: "k0713 c3-17 100", the last being the size of the value.
std::string WritePayload(absl::string_view key, absl::string_view value);
// The payload of the message with which a new primary begins its epoch: "epoch 2".
std::string EpochPayload(uint64_t epoch);

class WalDumpReader {
 public:
  // `first_epoch`: that of the entries before the first message of an epoch. `wall_ahead`: wall
  // clock less the run's clock.
  WalDumpReader(uint64_t first_epoch, Nanos wall_ahead)
      : epoch_(first_epoch), wall_ahead_(wall_ahead) {}

  // Takes the output of `pg_waldump -r LogicalMessage -r Transaction` for the next part of the WAL.
  // Ignores records that begin at `end` or later, and lines that it does not know. DATA_LOSS if
  // pg_waldump could not read the part; the end of the WAL is no error.
  absl::Status Read(absl::string_view output, uint64_t end);

  // The writes that were committed, in order of their COMMIT records.
  std::vector<NativeEntry>& entries() { return entries_; }

 private:
  void ReadMessage(uint32_t transaction, absl::string_view description);
  void ReadCommit(uint32_t transaction, uint64_t start, uint32_t bytes,
                  absl::string_view description);

  uint64_t epoch_;
  const Nanos wall_ahead_;
  uint64_t last_end_ = 0;
  int64_t last_time_ns_ = 0;
  std::map<uint32_t, NativeEntry> open_;  // by transaction
  std::vector<NativeEntry> entries_;
};

}  // namespace replsim
