// The requests that a log holds: the last one of each client, its position, and whether it took
// effect. That suffices to recognise a retry and to answer it as the first attempt, because a
// client has one request at a time and each has a higher sequence than the one before
// (protos/kv.proto).
//
// The table depends on the log alone. It is the same on every node with the same log, survives a
// failover, and is rebuilt from the log after a restart or a truncation. It is bounded: it holds
// the `clients_max` clients that wrote last, and at most twice as many. A retry of any other client
// counts as a new request.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/container/btree_map.h"
#include "common/base/ids.h"

namespace replsim {

class RequestTable {
 public:
  struct Last {
    uint64_t sequence = 0;
    Position position;
    bool took_effect = true;  // false: the record changed nothing (compare-and-set, append)
  };

  static constexpr size_t kClientsMax = 1 << 17;
  explicit RequestTable(size_t clients_max = kClientsMax) : clients_max_(clients_max) {}

  const Last* Find(uint64_t client) const;  // null: not known; valid until the next Add
  // Adds the next record of the log. It must be the newest request of its client.
  void Add(uint64_t client, uint64_t sequence, Position position, bool took_effect = true);

  size_t size() const { return recent_.size() + earlier_.size(); }

 private:
  size_t clients_max_;
  // When recent_ is full, it replaces earlier_, whose entries are forgotten.
  absl::btree_map<uint64_t, Last> recent_;
  absl::btree_map<uint64_t, Last> earlier_;
};

}  // namespace replsim
