// Samples how busy the machine is while a live run goes on: /proc/loadavg, and how late its own
// timer is. Linux only, as the runtime is.
//
// Threads: the io thread, which runs `io`; Take after it has ended.
#pragma once

#include <cstdint>
#include <memory>

#include "asio/io_context.hpp"
#include "asio/steady_timer.hpp"
#include "common/base/time.h"
#include "common/stats/histogram.h"
#include "protos/recording.pb.h"

namespace replsim {

class HostWatch {
 public:
  // Begins at once. `io` outlives it.
  explicit HostWatch(asio::io_context* io);
  ~HostWatch();
  HostWatch(const HostWatch&) = delete;
  HostWatch& operator=(const HostWatch&) = delete;

  // What was seen so far.
  proto::Manifest::Host Take() const;

 private:
  void Wait();
  void Sample();

  asio::steady_timer timer_;
  Instant due_;
  uint64_t samples_ = 0;
  uint64_t runnable_ = 0;  // summed over the samples
  double load_average_ = 0;
  Histogram late_;
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace replsim
