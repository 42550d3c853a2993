#include "simulator/cluster/live/relay.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "asio/write.hpp"
#include "gtest/gtest.h"

namespace replsim::relay_test {
namespace {

using asio::ip::tcp;
using Direction = Relay::Direction;

// One end of a connection: keeps what it gets and how it ended.
struct Peer {
  explicit Peer(tcp::socket own) : socket(std::move(own)) { Read(); }

  void Read() {
    socket.async_read_some(asio::buffer(chunk), [this](const asio::error_code& error, size_t size) {
      got.append(chunk.data(), size);
      last = MonotonicNow();
      end = error;
      if (!error) Read();
    });
  }
  void Send(const std::string& bytes) { asio::write(socket, asio::buffer(bytes)); }

  tcp::socket socket;
  std::vector<char> chunk = std::vector<char>(1 << 16);
  std::string got;
  Instant last;
  asio::error_code end;
};

class RelayTest : public testing::Test {
 protected:
  RelayTest() : relay(&io, Rng(1)), listener(io, {asio::ip::address_v4::loopback(), 0}) {
    EXPECT_TRUE(relay.Listen().ok());
    EXPECT_TRUE(relay.SetTarget(Address(listener)).ok());
    AcceptServer();
  }

  static std::string Address(const tcp::acceptor& acceptor) {
    return "127.0.0.1:" + std::to_string(acceptor.local_endpoint().port());
  }
  void AcceptServer() {
    listener.async_accept([this](const asio::error_code& error, tcp::socket socket) {
      if (error) return;
      server = std::make_unique<Peer>(std::move(socket));
      AcceptServer();
    });
  }
  void Dial() {
    tcp::socket socket(io);
    socket.connect({asio::ip::address_v4::loopback(), relay.port()});
    client = std::make_unique<Peer>(std::move(socket));
  }
  void Connect() {
    Dial();
    Run([this] { return server != nullptr; });
    ASSERT_NE(server, nullptr);
  }
  // Until `done`, at most ten seconds.
  void Run(const std::function<bool()>& done) {
    const Instant give_up = MonotonicNow() + Millis(10'000);
    while (!done() && MonotonicNow() < give_up) io.run_one_for(Millis(100));
    EXPECT_TRUE(done());
  }
  void RunFor(Nanos duration) { io.run_for(duration); }

  asio::io_context io;
  Relay relay;
  tcp::acceptor listener;
  std::unique_ptr<Peer> server;
  std::unique_ptr<Peer> client;
};

std::string Numbers(size_t bytes) {
  std::string text;
  for (size_t i = 0; text.size() < bytes; ++i) text += std::to_string(i) + ' ';
  return text;
}

TEST_F(RelayTest, CarriesBytesBothWays) {
  Connect();
  client->Send("to the server");
  server->Send("to the client");
  Run([&] { return server->got == "to the server" && client->got == "to the client"; });
}

TEST_F(RelayTest, DelaysOneDirectionAndLeavesTheOther) {
  Connect();
  relay.SetLink(Direction::kToServer, {ConstantDelay(Millis(30)), Nanos(0)});
  const Instant sent = MonotonicNow();
  client->Send("slow");
  server->Send("fast");
  Run([&] { return server->got == "slow"; });
  EXPECT_GE(server->last - sent, Millis(30));
  EXPECT_EQ(client->got, "fast");
  EXPECT_LT(client->last, server->last);
}

TEST_F(RelayTest, JitterKeepsTheOrder) {
  Connect();
  relay.SetLink(Direction::kToServer, {ConstantDelay(Millis(1)), Millis(5)});
  const std::string text = Numbers(2'000);
  for (const char byte : text) {
    client->Send(std::string(1, byte));
    io.poll();
  }
  Run([&] { return server->got.size() == text.size(); });
  EXPECT_EQ(server->got, text);
}

TEST_F(RelayTest, RandomDelaysKeepTheOrder) {
  Connect();
  proto::Delay delay;
  delay.mutable_exponential()->mutable_mean()->set_ns(2'000'000);
  relay.SetLink(Direction::kToServer, {delay, Nanos(0)});
  const std::string text = Numbers(2'000);
  for (const char byte : text) {
    client->Send(std::string(1, byte));
    io.poll();
  }
  client->socket.shutdown(tcp::socket::shutdown_send);
  Run([&] { return server->end == asio::error::eof; });
  EXPECT_EQ(server->got, text);
}

// 8 Mbit/s: 100 kB in 100 ms.
LinkSpec Slow() { return {{}, Nanos(0), 8'000'000}; }

TEST_F(RelayTest, ABandwidthPacesBytes) {
  Connect();
  relay.SetLink(Direction::kToServer, Slow());
  const std::string text = Numbers(100'000);
  const Instant sent = MonotonicNow();
  client->Send(text);
  Run([&] { return server->got.size() == text.size(); });
  EXPECT_EQ(server->got, text);
  EXPECT_GE(server->last - sent, Millis(100));
}

TEST_F(RelayTest, ASenderFasterThanTheBandwidthIsReadAtItsPace) {
  Connect();
  relay.SetLink(Direction::kToServer, Slow());
  const std::string text = Numbers(300'000);
  const Instant sent = MonotonicNow();
  client->Send(text);
  client->socket.shutdown(tcp::socket::shutdown_send);
  Run([&] { return server->end == asio::error::eof; });
  EXPECT_EQ(server->got, text);
  EXPECT_GE(MonotonicNow() - sent, Millis(300));
}

TEST_F(RelayTest, WhatACutHeldIsPacedAfterTheHeal) {
  Connect();
  relay.SetLink(Direction::kToServer, Slow());
  relay.SetCut(Direction::kToServer, true);
  const std::string text = Numbers(100'000);
  client->Send(text);
  RunFor(Millis(150));
  EXPECT_EQ(server->got, "");
  const Instant healed = MonotonicNow();
  relay.SetCut(Direction::kToServer, false);
  Run([&] { return server->got.size() == text.size(); });
  EXPECT_EQ(server->got, text);
  EXPECT_GE(server->last - healed, Millis(100));
}

TEST_F(RelayTest, AConnectionPaysARoundTripBeforeItsFirstByte) {
  relay.SetLink(Direction::kToServer, {ConstantDelay(Millis(10)), Nanos(0)});
  relay.SetLink(Direction::kToClient, {ConstantDelay(Millis(15)), Nanos(0)});
  const Instant begin = MonotonicNow();
  Dial();
  client->Send("hello");
  Run([&] { return server && server->got == "hello"; });
  EXPECT_GE(server->last - begin, Millis(35));
}

TEST_F(RelayTest, ACutStallsAndAHealDeliversEverythingInOrder) {
  Connect();
  client->Send("before ");
  Run([&] { return server->got == "before "; });
  relay.SetCut(Direction::kToServer, true);
  const std::string text = Numbers(100'000);
  client->Send(text);
  server->Send("the other way is open");
  Run([&] { return client->got == "the other way is open"; });
  RunFor(Millis(20));
  EXPECT_EQ(server->got, "before ");
  relay.SetCut(Direction::kToServer, false);
  Run([&] { return server->got.size() == 7 + text.size(); });
  EXPECT_EQ(server->got, "before " + text);
}

TEST_F(RelayTest, ACutHoldsItsBoundThenTheSenderIsStopped) {
  Connect();
  relay.SetCut(Direction::kToServer, true);
  client->socket.non_blocking(true);
  const std::string block(1 << 16, 'x');
  size_t sent = 0;
  for (int quiet = 0; quiet < 5;) {
    asio::error_code error;
    const size_t taken = client->socket.write_some(asio::buffer(block), error);
    sent += taken;
    quiet = taken > 0 ? 0 : quiet + 1;
    RunFor(Millis(2));
    ASSERT_LT(sent, size_t{256} << 20) << "nothing holds the sender back";
  }
  EXPECT_GE(sent, RelayPipe::kMaxQueuedBytes);
  EXPECT_EQ(server->got, "");
  relay.SetCut(Direction::kToServer, false);
  Run([&] { return server->got.size() == sent; });
}

TEST_F(RelayTest, AConnectionDialledDuringACutStallsUntilTheHeal) {
  relay.SetCut(Direction::kToServer, true);
  Dial();
  client->Send("waiting");
  RunFor(Millis(20));
  EXPECT_EQ(server, nullptr);
  EXPECT_FALSE(client->end);
  relay.SetCut(Direction::kToServer, false);
  Run([&] { return server && server->got == "waiting"; });
}

TEST_F(RelayTest, AHalfClosedConnectionStillCarriesTheOtherWay) {
  Connect();
  client->Send("question");
  client->socket.shutdown(tcp::socket::shutdown_send);
  Run([&] { return server->end == asio::error::eof; });
  EXPECT_EQ(server->got, "question");
  const std::string answer = Numbers(3'000'000);
  asio::async_write(server->socket, asio::buffer(answer),
                    [&](const asio::error_code&, size_t) { server->socket.close(); });
  Run([&] { return client->end == asio::error::eof; });
  EXPECT_EQ(client->got, answer);
  Run([&] { return relay.connections() == 0; });
}

TEST_F(RelayTest, TheEndOfAStreamDoesNotOvertakeItsBytes) {
  Connect();
  relay.SetLink(Direction::kToServer, {ConstantDelay(Millis(20)), Nanos(0)});
  const Instant sent = MonotonicNow();
  client->Send("last words");
  client->socket.shutdown(tcp::socket::shutdown_send);
  Run([&] { return server->end == asio::error::eof; });
  EXPECT_EQ(server->got, "last words");
  EXPECT_GE(MonotonicNow() - sent, Millis(20));
}

TEST_F(RelayTest, AResetByOnePeerReachesTheOther) {
  Connect();
  server->socket.set_option(asio::socket_base::linger(true, 0));
  server->socket.close();
  Run([&] { return static_cast<bool>(client->end); });
  EXPECT_EQ(client->end, asio::error::connection_reset);
  Run([&] { return relay.connections() == 0; });
}

TEST_F(RelayTest, ADeathBehindACutIsNotSeenUntilTheHeal) {
  Connect();
  relay.SetCut(Direction::kToClient, true);
  server->socket.close();
  client->Send("to nobody");
  RunFor(Millis(20));
  EXPECT_FALSE(client->end);
  relay.SetCut(Direction::kToClient, false);
  Run([&] { return static_cast<bool>(client->end); });
}

TEST_F(RelayTest, ResetClosesEveryConnectionAndNewOnesWork) {
  Connect();
  EXPECT_EQ(relay.connections(), 1u);
  relay.Reset();
  EXPECT_EQ(relay.connections(), 0u);
  Run([&] { return client->end == asio::error::connection_reset && server->end; });
  server = nullptr;
  Connect();
  client->Send("again");
  Run([&] { return server->got == "again"; });
}

TEST_F(RelayTest, ANewTargetGetsTheNextConnection) {
  tcp::acceptor other(io, {asio::ip::address_v4::loopback(), 0});
  std::unique_ptr<Peer> other_server;
  other.async_accept([&](const asio::error_code& error, tcp::socket socket) {
    if (!error) other_server = std::make_unique<Peer>(std::move(socket));
  });
  ASSERT_TRUE(relay.SetTarget(Address(other)).ok());
  Dial();
  client->Send("hello");
  Run([&] { return other_server && other_server->got == "hello"; });
  EXPECT_EQ(server, nullptr);
  other.close();
  io.poll();
}

TEST_F(RelayTest, ATargetThatDoesNotListenResetsTheConnection) {
  listener.close();
  Dial();
  Run([&] { return static_cast<bool>(client->end); });
  Run([&] { return relay.connections() == 0; });
}

TEST_F(RelayTest, ATargetMustBeAnAddress) {
  for (const char* wrong : {"", "127.0.0.1", "localhost:1", "127.0.0.1:0", "127.0.0.1:70000"}) {
    EXPECT_EQ(relay.SetTarget(wrong).code(), absl::StatusCode::kInvalidArgument) << wrong;
  }
}

}  // namespace
}  // namespace replsim::relay_test
