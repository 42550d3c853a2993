// Which requests a log holds: of every client the last one, and where it lies. That is enough to
// know a request that comes again, for one client has one request at a time, and each a higher
// sequence than the one before (protos/kv.proto).
//
// It follows from the log alone: the same on every node with the same log, there after a failover,
// and built anew from the log after a restart or a cut. Bounded: it knows the `clients_max` clients
// that wrote last, and at most twice as many; of any other, a request that comes again counts as
// new.
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
  };

  static constexpr size_t kClientsMax = 1 << 17;
  explicit RequestTable(size_t clients_max = kClientsMax) : clients_max_(clients_max) {}

  const Last* Find(uint64_t client) const;  // null: not known; valid until the next Add
  // The next record of the log is this request, newer than any of its client before.
  void Add(uint64_t client, uint64_t sequence, Position position);

  size_t size() const { return recent_.size() + earlier_.size(); }

 private:
  size_t clients_max_;
  // Full, the first becomes the second, and what that held is forgotten.
  absl::btree_map<uint64_t, Last> recent_;
  absl::btree_map<uint64_t, Last> earlier_;
};

}  // namespace replsim
