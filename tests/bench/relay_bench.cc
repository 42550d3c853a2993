// Measures the cost of a relay (docs/performance.md): its delay against the configured one, its
// bandwidth, and the cost of a relay without settings. Sender and receiver run in one process: the
// sender writes the time into each message, and the receiver reads the clock on arrival. As beside
// a live cluster, the relay runs in a thread of its own; so does the receiver.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "asio/read.hpp"
#include "asio/write.hpp"
#include "simulator/cluster/live/relay.h"

namespace replsim {
namespace {

using asio::ip::tcp;

// A connection through a relay, or direct.
class Line {
 public:
  Line(const LinkSpec& spec, bool relayed)
      : relay_(&relay_io_, Rng(1)), listener_(io_, {asio::ip::address_v4::loopback(), 0}) {
    const uint16_t port = listener_.local_endpoint().port();
    if (!relay_.Listen().ok() || !relay_.SetTarget("127.0.0.1:" + std::to_string(port)).ok()) {
      std::fprintf(stderr, "relay_bench: cannot listen\n");
      std::exit(70);
    }
    relay_.SetLink(Relay::Direction::kToServer, spec);
    relay_thread_ = std::thread([this] { relay_io_.run(); });
    sender.connect({asio::ip::address_v4::loopback(), relayed ? relay_.port() : port});
    receiver = listener_.accept();
    for (tcp::socket* socket : {&sender, &receiver}) socket->set_option(tcp::no_delay(true));
  }
  ~Line() {
    asio::error_code ignored;
    sender.close(ignored);
    receiver.close(ignored);
    relay_io_.stop();
    relay_thread_.join();
  }

 private:
  asio::io_context relay_io_;
  asio::io_context io_;
  Relay relay_;
  tcp::acceptor listener_;
  std::thread relay_thread_;

 public:
  tcp::socket sender{io_};
  tcp::socket receiver{io_};
};

double Millis(Nanos time) { return static_cast<double>(time.count()) / 1e6; }

Nanos At(std::vector<Nanos> times, double share) {
  std::sort(times.begin(), times.end());
  return times[static_cast<size_t>(share * static_cast<double>(times.size() - 1))];
}

// Returns the latency of each of `count` messages of 100 bytes, one every `gap`.
std::vector<Nanos> OneWay(Line& line, int count, Nanos gap) {
  constexpr size_t kBytes = 100;
  std::vector<Nanos> times;
  std::thread receiving([&] {
    std::array<char, kBytes> message;
    for (int i = 0; i < count; ++i) {
      asio::read(line.receiver, asio::buffer(message));
      int64_t sent;
      std::memcpy(&sent, message.data(), sizeof(sent));
      times.push_back(MonotonicNow() - FromNanos(sent));
    }
  });
  std::array<char, kBytes> message{};
  asio::io_context io;
  asio::steady_timer timer(io);
  Instant due = MonotonicNow();
  for (int i = 0; i < count; ++i) {
    timer.expires_at(std::chrono::steady_clock::time_point(due.time_since_epoch()));
    timer.wait();
    const int64_t now = ToNanos(MonotonicNow());
    std::memcpy(message.data(), &now, sizeof(now));
    asio::write(line.sender, asio::buffer(message));
    due += gap;
  }
  receiving.join();
  return times;
}

// Returns the bytes per second of a line that always has more to send.
double BytesPerSecond(Line& line, Nanos duration) {
  std::atomic<bool> over = false;
  std::thread sending([&] {
    const std::vector<char> bytes(64 << 10);
    asio::error_code error;
    while (!over && !error) asio::write(line.sender, asio::buffer(bytes), error);
    line.sender.shutdown(tcp::socket::shutdown_both, error);
  });
  std::vector<char> room(256 << 10);
  uint64_t bytes = 0;
  // The initial burst that the relay accepts before its link is full does not count as bandwidth.
  const Instant begin = MonotonicNow() + duration / 4;
  Instant now;
  do {
    const size_t size = line.receiver.read_some(asio::buffer(room));
    now = MonotonicNow();
    if (now >= begin) bytes += size;
  } while (now < begin + duration);
  over = true;
  asio::error_code ignored;
  line.receiver.close(ignored);
  sending.join();
  return static_cast<double>(bytes) * 1e9 / static_cast<double>((now - begin).count());
}

LinkSpec Delayed(Nanos delay) { return {ConstantDelay(delay), Nanos(0)}; }

void Run() {
  const auto row = [](const char* what, const std::string& measured) {
    std::printf("%-60s %s\n", what, measured.c_str());
  };
  const auto text = [](const char* format, auto... values) {
    std::array<char, 200> line;
    std::snprintf(line.data(), line.size(), format, values...);
    return std::string(line.data());
  };
  // Reports the medians of several rounds, because another process may occupy a processor during
  // one.
  std::vector<Nanos> p50s;
  std::vector<Nanos> p99s;
  for (int round = 0; round < 9; ++round) {
    Line line(Delayed(replsim::Millis(10)), true);
    const std::vector<Nanos> times = OneWay(line, 500, replsim::Millis(1));
    p50s.push_back(At(times, 0.5));
    p99s.push_back(At(times, 0.99));
  }
  row("a link of 10 ms: one way p50, p99",
      text("%.3f ms, %.3f ms", Millis(At(p50s, 0.5)), Millis(At(p99s, 0.5))));
  {
    LinkSpec spec;
    spec.bits_per_second = 100'000'000;
    Line line(spec, true);
    const double share = BytesPerSecond(line, replsim::Millis(1000)) * 8 / 100e6;
    row("a link of 100 Mbit/s, over a second", text("%.2f %% of it", share * 100));
  }
  // Measures in pairs, because the machine's speed drifts.
  std::vector<Nanos> extra;
  for (int round = 0; round < 5; ++round) {
    Line relayed({}, true);
    Line direct({}, false);
    const std::vector<Nanos> with = OneWay(relayed, 500, Micros(500));
    extra.push_back(At(with, 0.5) - At(OneWay(direct, 500, Micros(500)), 0.5));
  }
  row("a relay with nothing set: one way p50, more than without",
      text("%.3f ms", Millis(At(extra, 0.5))));
}

}  // namespace
}  // namespace replsim

int main() { replsim::Run(); }
