// The positions at which each key was written: in the final log, or by writes that the log has lost
// but a client wrote or read. In the order of positions they are the versions of the key.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/base/ids.h"
#include "simulator/analysis/evidence/final_log.h"
#include "simulator/recording/recording.h"

namespace replsim {

class KeyVersions {
 public:
  KeyVersions(const Recording& recording, const FinalLog& final_log);

  // The position of the write that overwrote the value at `position`; later than every position if
  // there is none.
  Position NextOf(uint32_t key, Position position) const;

 private:
  void AddLostWrites(const Recording& recording, const FinalLog& final_log);

  absl::flat_hash_map<uint32_t, std::vector<Position>> writes_;  // by key; never iterated
};

}  // namespace replsim
