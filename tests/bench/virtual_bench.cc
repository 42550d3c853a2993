// Measures the speed of virtual time: events per second, and the time for a minute of a cluster.
// Prints one row per measurement; tests/bench/run shows them next to the live ones.
#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/rng.h"
#include "simulator/cluster/virtual/virtual_scheduler.h"
#include "simulator/command/virtual_run.h"
#include "simulator/scenario/scenario.h"
#include "tests/bench/measure.h"

namespace replsim {
namespace {

// Each event schedules the next one at a random distance. Measures the queue alone, at a constant
// size.
void BenchQueue(size_t pending) {
  constexpr uint64_t kEvents = 2'000'000;
  VirtualScheduler scheduler;
  Rng rng(1);
  struct Again {
    VirtualScheduler* scheduler;
    Rng* rng;
    void operator()() const {
      const auto gap = Nanos(static_cast<int64_t>(rng->Below(1'000'000)));
      scheduler->At(scheduler->Now() + gap, *this);
    }
  };
  for (size_t i = 0; i < pending; ++i) Again{&scheduler, &rng}();
  const double begin = ProcessorSeconds();
  for (uint64_t i = 0; i < kEvents; ++i) scheduler.RunNext();
  const double seconds = ProcessorSeconds() - begin;
  Row(absl::StrCat("event queue, ", pending, " pending"),
      absl::StrCat(static_cast<int64_t>(kEvents / seconds / 1000), " k/s"));
}

void BenchRun(const std::string& what, const std::string& text) {
  const auto loaded = LoadScenarioText(text, "bench.yaml", {}, {});
  if (!loaded.ok()) {
    std::fprintf(stderr, "%s\n", std::string(loaded.status().message()).c_str());
    std::exit(1);
  }
  const double begin = ProcessorSeconds();
  VirtualRunStats stats;
  const auto recording = RunVirtualInMemory(loaded->variants[0].scenario, &stats);
  const double seconds = ProcessorSeconds() - begin;
  if (!recording.ok()) {
    std::fprintf(stderr, "%s\n", std::string(recording.status().message()).c_str());
    std::exit(1);
  }
  Row(what, absl::StrCat(static_cast<int64_t>(seconds * 1000), " ms"));
  Row("  events a second of processor time",
      absl::StrCat(static_cast<int64_t>(static_cast<double>(stats.events) / seconds / 1000),
                   " k/s"));
  Row("  peak memory so far", absl::StrCat(static_cast<int64_t>(PeakBytes() / (1 << 20)), " MB"));
}

std::string Scenario(int replicas, int rate, int seconds, int keys, bool record) {
  return absl::StrCat(
      "name: bench\nquestion: How fast?\nduration: ", seconds, "s\ncluster: {replicas: ", replicas,
      ", record: ", record ? "true" : "false",
      ", durability: {sync: every-batch}}\nreplication: {preset: semi-sync}\nnetwork:\n"
      "  - {from: p, to: [r1], delay: 2ms}\nworkload: {clients: 64, arrival: {rate: ",
      rate, "/s}, mix: {write: 1}, keys: {count: ", keys, "}}\n");
}

}  // namespace
}  // namespace replsim

int main(int argc, char**) {
  using namespace replsim;
  for (const size_t pending : {100, 10'000, 1'000'000}) BenchQueue(pending);
  BenchRun("60 s of 3 nodes at 2,000 writes/s", Scenario(2, 2000, 60, 10'000, true));
  if (argc == 1)
    BenchRun("60 s of 1,000 replicas at 100 writes/s, not recorded",
             Scenario(1000, 100, 60, 1000, false));
  return 0;
}
