#include "common/storage/store/request_table.h"

#include <utility>

namespace replsim {

const RequestTable::Last* RequestTable::Find(uint64_t client) const {
  for (const auto* part : {&recent_, &earlier_}) {
    const auto it = part->find(client);
    if (it != part->end()) return &it->second;
  }
  return nullptr;
}

void RequestTable::Add(uint64_t client, uint64_t sequence, Position position, bool took_effect) {
  const auto it = recent_.find(client);
  if (it != recent_.end()) {
    it->second = {sequence, position, took_effect};
    return;
  }
  if (recent_.size() >= clients_max_) earlier_ = std::exchange(recent_, {});
  recent_.emplace(client, Last{sequence, position, took_effect});
}

}  // namespace replsim
