// How the clients learn which node to write to, if they are not told: they ask (primary_finder.h),
// or a proxy checks the nodes for them (primary_proxy.h). The clients of one site share what they
// know.
//
// Everything runs under the run's scheduler, which outlives the lookup.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "common/base/ids.h"
#include "common/base/time.h"

namespace replsim {

class PrimaryLookup {
 public:
  struct Options {
    size_t sites = 1;
    std::vector<NodeId> nodes;
    // Asks `node` over the links of `site` whether it leads. Calls `leads` once, by `deadline`, not
    // inside the call. A node says yes by answering a read as the primary. A new primary that does
    // not answer reads yet (take_over: own-record) says no.
    std::function<void(size_t site, const NodeId& node, Instant deadline,
                       absl::AnyInvocable<void(bool)> leads)>
        ask;
    // The clients of `site` write to `primary` from now on.
    std::function<void(size_t site, const NodeId& primary)> found;
  };
  virtual ~PrimaryLookup() = default;

  // The clients of `site` know no node that they could write to, and their writes wait.
  virtual bool is_searching(size_t site) const = 0;
  // The clients of `site` have a write to send.
  virtual void Use(size_t site) = 0;
  // The clients of `site` doubt that `doubted` leads.
  virtual void Doubt(size_t site, const NodeId& doubted) = 0;
  // The end: nothing is called afterwards.
  virtual void Drop() = 0;
};

}  // namespace replsim
