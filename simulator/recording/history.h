// The client history: every operation in order of completion, in `history` of a run folder. Written
// values are unique (client, sequence), so the value of a read identifies the write that the client
// saw. The position next to it is what the cluster reports of that write, if it reports positions.
//
// File format: 8 bytes "RSHIST3\n", then fixed records of 104 bytes, little-endian. Files of
// version 2 ("RSHIST2\n": 88 bytes, without the value that a read saw) can still be read.
#pragma once

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/ids.h"
#include "simulator/recording/written_value.h"

namespace replsim {

inline constexpr uint16_t kNoNode = 0xffff;

// What an operation does, with Operation::is_write.
enum class OperationKind : uint8_t {
  kPutOrGet = 0,
  kDelete = 1,
  kCas = 2,  // compare-and-set
  kAppend = 3,
  kTransaction = 4,  // puts the same value to several keys
};
inline constexpr size_t kOperationKinds = 5;
inline constexpr uint32_t kTransactionKeysMax = 8;

struct Operation {
  uint32_t client = 0;
  uint8_t is_write = 0;
  uint8_t outcome = 0;  // Outcome (protos/types.proto)
  uint8_t reason = 0;   // Reason
  uint8_t unprotected = 0;
  uint64_t sequence = 0;    // of this client; writes and reads share the count
  uint32_t key = 0;         // index; shown as k0000. Of a transaction: its first key
  uint16_t node = kNoNode;  // the answering node: index into the manifest's nodes
  // Of a read: the node addressed; kNoNode: any replica. Of a transaction: the number of its keys,
  // which are consecutive.
  uint16_t target = kNoNode;
  int64_t intended_ns = 0;  // intended start in an open loop; otherwise invoked_ns
  int64_t invoked_ns = 0;
  int64_t completed_ns = 0;
  // Position of a committed write; for a read, the position read (0: none). Both fields are 0 if
  // has_position is 0.
  uint32_t epoch = 0;
  uint32_t wait_epoch = 0;  // of a read: the position that it waits for; 0: none
  uint64_t lsn = 0;
  uint64_t wait_lsn = 0;
  int64_t ticket_ns = 0;  // of a write: when its first ticket arrived; 0: none
  // Of a write: the number of attempts; and the number of all requests, including queries about its
  // tickets. Of a read: `attempts` is the list that it saw (value_lists.h), or 0 if appends had not
  // changed the value.
  uint32_t attempts = 0;
  uint32_t requests = 0;
  // Of a committed read: the write whose value the client saw, of a list the last one; both 0 if
  // the key was missing. Of a compare-and-set: the expected value; both 0 if the key must not
  // exist. Valid only if has_value is 1.
  uint64_t value_sequence = 0;
  uint32_t value_client = 0;
  uint8_t has_value = 0;     // 0: unknown (a version 2 file, or a value that no client wrote)
  uint8_t has_position = 1;  // 0: the cluster did not report the position
  OperationKind kind = OperationKind::kPutOrGet;
  uint8_t no_effect = 0;  // of a committed compare-and-set or append that changed nothing

  // The value that a read saw, or that a compare-and-set expects. Absent: unknown. An empty
  // WrittenValue: the key was missing.
  std::optional<WrittenValue> value() const {
    if (has_value == 0) return std::nullopt;
    return WrittenValue{value_client, value_sequence};
  }
  // The keys are key, key + 1, ...; only transactions have more than one.
  uint32_t key_count() const {
    const bool several = is_write != 0 && kind == OperationKind::kTransaction;
    return several ? std::clamp<uint32_t>(target, 1, kTransactionKeysMax) : 1;
  }
  uint32_t list() const { return is_write != 0 ? 0 : attempts; }
  // A write that changed its key, or may have.
  bool is_change() const { return is_write != 0 && no_effect == 0; }
  Position position() const { return {Epoch(epoch), Lsn(lsn)}; }
};
static_assert(sizeof(Operation) == 104);

// Appends operations to the file as they complete, through a buffer of fixed size.
class HistoryWriter {
 public:
  static absl::StatusOr<HistoryWriter> Create(const std::string& path);
  // Buffered: an error may be reported by a later call, up to Close. Once a call has failed, all
  // later ones return the same error.
  absl::Status Add(const Operation& operation);
  absl::Status Flush();
  absl::Status Close();

 private:
  absl::Status Look();

  std::string path_;
  std::vector<char> buffer_;  // the buffer of file_, which it must outlive
  std::ofstream file_;
  absl::Status failed_;
};

struct History {
  std::vector<Operation> operations;
  std::string cut_short;  // set if the file ends inside a record; otherwise empty
};
absl::StatusOr<History> ReadHistory(const std::string& path);

std::string KeyName(uint64_t key);  // k0000, k0713, k12345
// The keys of an operation: k0713, or "k0713 to k0714" of a transaction.
std::string KeyNames(const Operation& operation);

}  // namespace replsim
