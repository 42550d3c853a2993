// The HTTP server on loopback: which requests it answers or refuses, and that it stops on request.
#include "common/http/http_server.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/live/eventually.h"
#include "tests/live/http_client.h"

namespace replsim::http_server_test {
namespace {

std::unique_ptr<HttpServer> Echo() {
  absl::StatusOr<std::unique_ptr<HttpServer>> server =
      HttpServer::Listen(0, 2, [](const HttpRequest& request) {
        HttpResponse response;
        if (request.path == "/empty") {
          response.status = 204;
        } else {
          response.body = absl::StrCat(request.method, " ", request.path);
        }
        return response;
      });
  EXPECT_TRUE(server.ok()) << server.status();
  return *std::move(server);
}

TEST(HttpServer, AnswersWithWhatTheHandlerSays) {
  const auto server = Echo();
  const HttpAnswer got = HttpGet(server->url() + "/some/path?query=1");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, "GET /some/path");
  EXPECT_EQ(got.content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(HttpPost(server->url() + "/x").body, "POST /x");
  EXPECT_EQ(HttpGet(server->url() + "/empty").status, 204);
}

// curl -X POST sends neither a body nor its length, and keeps the connection open.
TEST(HttpServer, APostWithoutALengthHasNoBody) {
  const auto server = Echo();
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(server->port()));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  const std::string request =
      "POST /x HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server->port()) + "\r\n\r\n";
  ASSERT_EQ(write(client, request.data(), request.size()), static_cast<ssize_t>(request.size()));
  std::string answer;
  char piece[1024];
  for (ssize_t n = 0; (n = read(client, piece, sizeof(piece))) > 0;) {
    answer.append(piece, static_cast<size_t>(n));
  }
  close(client);
  EXPECT_EQ(answer.substr(0, 15), "HTTP/1.1 200 OK") << answer;
  EXPECT_EQ(answer.substr(answer.size() - 7), "POST /x") << answer;
}

TEST(HttpServer, APortThatIsTakenIsAnErrorThatNamesIt) {
  const auto server = Echo();
  const auto second =
      HttpServer::Listen(server->port(), 1, [](const HttpRequest&) { return HttpResponse(); });
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(second.status().message().find(absl::StrCat("127.0.0.1:", server->port())),
            absl::string_view::npos)
      << second.status();
}

TEST(HttpServer, APortCanBeHadAgainAtOnce) {
  auto server = Echo();
  const int port = server->port();
  EXPECT_EQ(HttpGet(server->url() + "/").status, 200);
  server.reset();
  EXPECT_TRUE(HttpServer::Listen(port, 1, [](const HttpRequest&) { return HttpResponse(); }).ok());
}

TEST(HttpServer, ANameThatWasReboundToLoopbackIsRefused) {
  const auto server = Echo();
  EXPECT_EQ(HttpGet(server->url() + "/", {{"Host", "evil.example"}}).status, 403);
  EXPECT_EQ(HttpGet(server->url() + "/", {{"Host", "127.0.0.1.evil.example"}}).status, 403);
  for (const std::string name : {"127.0.0.1", "localhost", "[::1]"}) {
    const std::string host = absl::StrCat(name, ":", server->port());
    EXPECT_EQ(HttpGet(server->url() + "/", {{"Host", host}}).status, 200) << host;
    for (const std::string& wrong : {name, name + ":", name + ":80", name + ":80@evil.example",
                                     host + "@evil.example", host + "0", "evil.example@" + host}) {
      EXPECT_EQ(HttpGet(server->url() + "/", {{"Host", wrong}}).status, 403) << wrong;
    }
  }
}

TEST(HttpServer, PortEightyMayBeLeftOutOfAHost) {
  EXPECT_TRUE(IsLoopbackHost("localhost", 80));
  EXPECT_TRUE(IsLoopbackHost("localhost:80", 80));
  EXPECT_FALSE(IsLoopbackHost("localhost", 8080));
}

TEST(HttpServer, EveryAnswerTellsTheBrowserWhatItMayNotDo) {
  const auto server = Echo();
  HttpAnswer refused = HttpGet(server->url() + "/", {{"Host", "evil.example"}});
  EXPECT_EQ(refused.status, 403);
  for (HttpAnswer answer :
       {HttpGet(server->url() + "/x"), HttpPost(server->url() + "/empty"), std::move(refused)}) {
    EXPECT_EQ(answer.headers["X-Content-Type-Options"], "nosniff") << answer.status;
    const std::string policy = answer.headers["Content-Security-Policy"];
    for (const std::string part : {"default-src 'none'", "connect-src 'self'", "base-uri 'none'",
                                   "frame-ancestors 'none'"}) {
      EXPECT_NE(policy.find(part), std::string::npos) << answer.status << " " << policy;
    }
  }
}

TEST(HttpServer, APageOfAnotherSiteIsRefusedAndItsOwnIsNot) {
  const auto server = Echo();
  EXPECT_EQ(HttpPost(server->url() + "/x", {{"Origin", "http://evil.example"}}).status, 403);
  EXPECT_EQ(HttpPost(server->url() + "/x", {{"Origin", "null"}}).status, 403);
  EXPECT_EQ(HttpPost(server->url() + "/x", {{"Origin", "http://127.0.0.1:1"}}).status, 403);
  EXPECT_EQ(HttpPost(server->url() + "/x", {{"Origin", server->url()}}).status, 200);
}

TEST(HttpServer, AStreamComesPieceByPieceAndIsForgottenWhenItsReaderLeaves) {
  const auto alive = std::make_shared<std::atomic<int>>(0);
  const auto server = HttpServer::Listen(0, 2, [alive](const HttpRequest&) {
    HttpResponse response;
    const std::shared_ptr<void> token(nullptr, [alive, n = ++*alive](void*) { --*alive; });
    response.stream = [token, i = 0](std::string* piece) mutable {
      *piece = absl::StrCat(++i, ";");
      return true;
    };
    return response;
  });
  ASSERT_TRUE(server.ok());
  std::string all;
  HttpStream((*server)->url() + "/", [&](const std::string& piece) {
    all += piece;
    return all.size() < 1000;
  });
  EXPECT_EQ(all.substr(0, 8), "1;2;3;4;");
  EXPECT_TRUE(Eventually([&] { return *alive == 0; }));
}

}  // namespace
}  // namespace replsim::http_server_test
