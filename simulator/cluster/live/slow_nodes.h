// Gives nodes a share of a processor with alternating SIGSTOP and SIGCONT (duty_cycle.h), without
// root or cgroups. A process that has ended or is paused is not signalled. The share survives a
// restart of the node.
//
// Threads: the io_context's thread.
#pragma once

#include <map>
#include <memory>

#include "asio/io_context.hpp"
#include "asio/steady_timer.hpp"
#include "common/base/ids.h"
#include "simulator/cluster/live/child_process.h"
#include "simulator/cluster/managed/duty_cycle.h"

namespace replsim {

class SlowNodes {
 public:
  explicit SlowNodes(asio::io_context* io) : io_(io) {}

  void SetShare(const NodeId& node, double share);
  // Records the present process of the node.
  void Runs(const NodeId& node, std::weak_ptr<ChildProcess> process);
  // While held, the node is stopped and continued only by the holder (a pause or a failpoint).
  void Hold(const NodeId& node, bool held);
  void Clear() { nodes_.clear(); }

 private:
  struct Slow {
    explicit Slow(asio::io_context* io) : timer(*io) {}
    DutyCycle duty;
    bool held = false;
    bool stopped = false;
    std::weak_ptr<ChildProcess> process;
    asio::steady_timer timer;
  };
  Slow& Find(const NodeId& node);
  void Switch(const std::shared_ptr<Slow>& slow);
  void Signal(Slow& slow, bool stop);

  asio::io_context* io_;
  std::map<NodeId, std::shared_ptr<Slow>> nodes_;
};

}  // namespace replsim
