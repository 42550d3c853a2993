// Samples the load of the machine during a live run: /proc/loadavg, and the lateness of a timer.
// Linux only.
//
// Threads: the io thread runs it. Call Take after the io thread has stopped.
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
  // Starts at once. `io` outlives it.
  explicit HostWatch(asio::io_context* io);
  ~HostWatch();
  HostWatch(const HostWatch&) = delete;
  HostWatch& operator=(const HostWatch&) = delete;

  // Returns the samples so far.
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
