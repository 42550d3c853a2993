#include "simulator/analysis/reads/group_writes.h"

#include <vector>

#include "absl/container/flat_hash_map.h"

namespace replsim {

void GroupWrites(history::History* history) {
  absl::flat_hash_map<history::Value, std::vector<const history::Operation*>>
      writes;  // never iterated
  for (const history::Operation& operation : history->operations) {
    if (operation.kind == history::Kind::kWrite) writes[operation.value].push_back(&operation);
  }
  for (const history::Operation& operation : history->operations) {
    const bool is_write = operation.kind == history::Kind::kWrite;
    const std::vector<const history::Operation*> steps =
        is_write ? writes[operation.value] : std::vector<const history::Operation*>{&operation};
    if (steps[0] != &operation) continue;  // added with the first one
    history->transactions.push_back({operation.begin, operation.end, operation.process, 0,
                                     static_cast<uint32_t>(history->steps.size()),
                                     static_cast<uint32_t>(steps.size()), operation.outcome});
    for (const history::Operation* step : steps) {
      history->steps.push_back({step->kind, step->key, step->value});
    }
  }
  history->model = history::Model::kTransactions;
  history->operations.clear();
}

}  // namespace replsim
