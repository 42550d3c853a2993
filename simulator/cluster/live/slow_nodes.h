// Nodes that have only a share of a processor: SIGSTOP and SIGCONT in turn, by their duty cycles
// (duty_cycle.h). No root, no cgroup. A process that ends or is paused is left alone; the next life
// of a node is as slow as the one before.
//
// Threads: the io_context's.
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
  // The process of its present life.
  void Runs(const NodeId& node, std::weak_ptr<ChildProcess> process);
  // While it is held, nobody but who holds it stops and continues the node.
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
