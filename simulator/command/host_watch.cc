#include "simulator/command/host_watch.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace replsim {
namespace {

constexpr Nanos kInterval = Millis(100);

struct LoadNow {
  double average = 0;     // over the last minute
  unsigned runnable = 0;  // includes this task
};

// "22.31 13.29 8.21 19/512 30574"; proc(5).
LoadNow ReadLoad() {
  LoadNow load;
  FILE* file = std::fopen("/proc/loadavg", "re");
  if (file == nullptr) return load;
  if (std::fscanf(file, "%lf %*f %*f %u/", &load.average, &load.runnable) != 2) load = {};
  std::fclose(file);
  return load;
}

}  // namespace

HostWatch::HostWatch(asio::io_context* io) : timer_(*io), due_(MonotonicNow()) {
  Sample();
  Wait();
}

HostWatch::~HostWatch() { timer_.cancel(); }

void HostWatch::Wait() {
  due_ = MonotonicNow() + kInterval;
  timer_.expires_after(kInterval);
  timer_.async_wait(
      [this, alive = std::weak_ptr<const bool>(alive_)](const asio::error_code& error) {
        if (error || alive.expired()) return;
        late_.Add((MonotonicNow() - due_).count());
        Sample();
        Wait();
      });
}

void HostWatch::Sample() {
  const LoadNow load = ReadLoad();
  ++samples_;
  runnable_ += load.runnable;
  load_average_ = std::max(load_average_, load.average);
}

proto::Manifest::Host HostWatch::Take() const {
  proto::Manifest::Host host;
  host.set_processors(static_cast<uint32_t>(std::max(1l, sysconf(_SC_NPROCESSORS_ONLN))));
  host.set_load_average(load_average_);
  host.set_runnable(static_cast<double>(runnable_) / static_cast<double>(samples_));
  host.set_timer_late_p90_ms(static_cast<double>(late_.Quantile(0.9).value_or(0)) / 1e6);
  return host;
}

}  // namespace replsim
