// What the benchmarks measure, and how they print it: one row per measurement, which
// tests/bench/run shows next to the live ones.
#pragma once

#include <sys/resource.h>

#include <cstdio>
#include <string>

namespace replsim {

inline rusage UsageOfThisProcess() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage;
}

// User and system time so far.
inline double ProcessorSeconds() {
  const rusage usage = UsageOfThisProcess();
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// The largest resident memory so far.
inline double PeakBytes() { return static_cast<double>(UsageOfThisProcess().ru_maxrss) * 1024; }

inline void Row(const std::string& what, const std::string& measured) {
  std::printf("%-60s %14s\n", what.c_str(), measured.c_str());
  std::fflush(stdout);
}

}  // namespace replsim
