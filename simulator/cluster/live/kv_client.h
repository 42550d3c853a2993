// A client for a person: one operation at a time, on a cluster whose addresses are known. Blocks.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace replsim {

class KvClient {
 public:
  // `nodes`: name and address (host:port) of each. `token`: the access token of the run.
  KvClient(std::vector<std::pair<std::string, std::string>> nodes, std::string token)
      : nodes_(std::move(nodes)), token_(std::move(token)) {}

  // Asks one node after the other until one that leads has answered. Returns what to tell:
  // "committed at 1:4211". Aborted: rejected, the value was not written. Unknown: it may have been.
  // Unavailable: no node leads.
  absl::StatusOr<std::string> Put(const std::string& key, const std::string& value) const;
  // The value as the primary has it, or as `node` has applied it. NotFound: there is none.
  absl::StatusOr<std::string> Get(const std::string& key, const std::string& node) const;

 private:
  std::vector<std::pair<std::string, std::string>> nodes_;
  std::string token_;
};

}  // namespace replsim
