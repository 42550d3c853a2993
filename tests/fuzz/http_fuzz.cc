// Any bytes as a request to the server of `run --serve`, over a connection: it answers in HTTP or
// not at all, and injects a fault only for a request that asks for one.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/check.h"
#include "common/http/http_server.h"
#include "simulator/serve/live_server.h"
#include "simulator/serve/live_view.h"
#include "tests/fuzz/fuzz.h"

namespace replsim {
namespace {

std::atomic<int> injected = 0;

const LiveServer& Server() {
  static const std::unique_ptr<LiveServer> server = [] {
    LiveServer::Callbacks callbacks;
    callbacks.page = [] { return std::string("<p>page</p>"); };
    callbacks.inject = [](int fault) {
      if (fault < 1 || fault > 2) return absl::NotFoundError("no such fault");
      ++injected;
      return absl::OkStatus();
    };
    auto opened = LiveServer::Open({0, Millis(5000)}, std::move(callbacks));
    REPL_CHECK(opened.ok(), opened.status().ToString());
    return *std::move(opened);
  }();
  return *server;
}

int Port() {
  const std::string url = Server().url();
  int port = 0;
  REPL_CHECK(
      absl::SimpleAtoi(url.substr(url.rfind(':') + 1, url.size() - url.rfind(':') - 2), &port),
      url);
  return port;
}

int Connect() {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(Port()));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REPL_CHECK(connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  return descriptor;
}

// Placeholder for the server's port, which differs in each run.
constexpr char kPort[] = "@PORT@";

// Returns the beginning of the server's answer, because a stream has no end.
std::string Ask(absl::string_view input) {
  const std::string text = absl::StrReplaceAll(input, {{kPort, absl::StrCat(Port())}});
  absl::string_view request = text;
  const int descriptor = Connect();
  while (!request.empty()) {
    const ssize_t sent = send(descriptor, request.data(), request.size(), MSG_NOSIGNAL);
    if (sent <= 0) break;  // the server has closed the connection: the request is too long
    request.remove_prefix(static_cast<size_t>(sent));
  }
  shutdown(descriptor, SHUT_WR);
  char answer[512];
  const ssize_t received = recv(descriptor, answer, sizeof(answer), 0);
  close(descriptor);
  return {answer, static_cast<size_t>(received < 0 ? 0 : received)};
}

}  // namespace

void FuzzOne(absl::string_view input) {
  const int before = injected;
  const std::string answer = Ask(input);
  REPL_CHECK(answer.empty() || absl::StartsWith(answer, "HTTP/1."), answer);
  REPL_CHECK(injected == before || absl::StrContains(input, "/fault/"), answer);
  if (IsLoopbackHost(input, 80)) REPL_CHECK(input.size() >= 5);
  const absl::StatusOr<LiveView> view = Unpack(input);
  if (view.ok()) REPL_CHECK(Pack(*view).size() <= input.size());
}

std::vector<std::string> FuzzSeeds() {
  std::vector<std::string> seeds = {Pack({"<p>page</p>", "{}"}), "localhost:80"};
  for (const char* line : {"GET / HTTP/1.1", "POST /fault/1 HTTP/1.1", "HEAD / HTTP/1.0",
                           "GET /%6eothing?a=b HTTP/1.1"}) {
    for (const std::string& host :
         {absl::StrCat("127.0.0.1:", kPort), absl::StrCat("localhost:", kPort),
          std::string("example.org")}) {
      seeds.push_back(absl::StrCat(line, "\r\nHost: ", host, "\r\nOrigin: http://", host,
                                   "\r\nContent-Length: 0\r\n\r\n"));
    }
  }
  return seeds;
}

}  // namespace replsim
