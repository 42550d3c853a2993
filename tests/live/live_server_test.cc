// The page of a run over HTTP: which client gets which update, and which requests may inject
// faults.
#include "simulator/serve/live_server.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "tests/live/eventually.h"
#include "tests/live/http_client.h"

namespace replsim::live_server_test {
namespace {

// A client that reads the event stream in a thread of its own.
class Reader {
 public:
  explicit Reader(const std::string& url) {
    thread_ = std::thread([this, url] {
      const HttpAnswer answer = HttpStream(url + "events", [this](const std::string& piece) {
        const absl::MutexLock lock(&mutex_);
        text_ += piece;
        return !leave_;
      });
      const absl::MutexLock lock(&mutex_);
      status_ = answer.status;
      over_ = true;
    });
  }
  ~Reader() {
    Leave();
    thread_.join();
  }

  std::string text() {
    const absl::MutexLock lock(&mutex_);
    return text_;
  }
  bool over() {
    const absl::MutexLock lock(&mutex_);
    return over_;
  }
  int status() {
    const absl::MutexLock lock(&mutex_);
    return status_;
  }
  // With the next piece.
  void Leave() {
    const absl::MutexLock lock(&mutex_);
    leave_ = true;
  }
  bool Saw(const std::string& part) {
    return Eventually([&] { return absl::StrContains(text(), part); });
  }

 private:
  absl::Mutex mutex_;
  std::string text_;
  bool over_ = false;
  bool leave_ = false;
  int status_ = 0;
  std::thread thread_;
};

std::unique_ptr<LiveServer> Open(LiveServer::Callbacks callbacks, Nanos heartbeat = Millis(5000)) {
  if (callbacks.page == nullptr) callbacks.page = [] { return "<p>page</p>"; };
  absl::StatusOr<std::unique_ptr<LiveServer>> server =
      LiveServer::Open({.port = 0, .heartbeat = heartbeat}, std::move(callbacks));
  EXPECT_TRUE(server.ok()) << server.status();
  return *std::move(server);
}

TEST(LiveServer, ThePageIsAtTheRootAndMadeAnewEachTime) {
  int made = 0;
  const auto server = Open({.page = [&] { return absl::StrCat("<p>", ++made, "</p>"); }});
  EXPECT_EQ(HttpGet(server->url()).body, "<p>1</p>");
  const HttpAnswer second = HttpGet(server->url());
  EXPECT_EQ(second.body, "<p>2</p>");
  EXPECT_EQ(second.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(HttpGet(server->url() + "other").status, 404);
}

TEST(LiveServer, UpdatesComeInOrderWithTheirNumbers) {
  const auto server = Open({});
  server->Publish("{\"n\":1}");
  Reader reader(server->url());
  ASSERT_TRUE(reader.Saw("\"n\":1")) << "a new reader gets what is newest";
  for (int n = 2; n <= 5; ++n) {
    server->Publish(absl::StrCat("{\"n\":", n, "}"));
    ASSERT_TRUE(reader.Saw(absl::StrCat("event: update\nid: ", n, "\ndata: {\"n\":", n, "}\n\n")));
  }
  EXPECT_TRUE(absl::StrContains(reader.text(), "event: update\nid: 1\ndata: {\"n\":1}\n\n"));
  reader.Leave();
  server->Publish("{}");
}

TEST(LiveServer, WhoComesLateGetsTheNewestAndNothingOfWhatWasBefore) {
  const auto server = Open({});
  for (int n = 1; n <= 3; ++n) server->Publish(absl::StrCat(n));
  Reader reader(server->url());
  ASSERT_TRUE(reader.Saw("data: 3\n"));
  EXPECT_FALSE(absl::StrContains(reader.text(), "data: 2\n"));
  reader.Leave();
  server->Publish("4");
}

TEST(LiveServer, TheStatusIsAnEventOfItsOwn) {
  const auto server = Open({});
  server->PublishStatus("<p>1</p>");
  Reader reader(server->url());
  ASSERT_TRUE(reader.Saw("event: status\ndata: <p>1</p>\n\n"));
  EXPECT_FALSE(absl::StrContains(reader.text(), "event: update")) << "none has been published";
  server->PublishStatus("<p>2</p>");
  EXPECT_TRUE(reader.Saw("event: status\ndata: <p>2</p>\n\n"));
  reader.Leave();
  server->PublishStatus("");
}

TEST(LiveServer, ASilentStreamHasAHeartbeat) {
  const auto server = Open({}, Millis(20));
  Reader reader(server->url());
  EXPECT_TRUE(reader.Saw("\n\n: "));
  reader.Leave();
}

TEST(LiveServer, ItsEndEndsAllStreamsAtOnce) {
  auto server = Open({}, Millis(3'600'000));  // no heartbeat ends them within a test
  std::vector<std::unique_ptr<Reader>> readers;
  server->Publish("1");
  for (int i = 0; i < 3; ++i) readers.push_back(std::make_unique<Reader>(server->url()));
  for (const auto& reader : readers) ASSERT_TRUE(reader->Saw("data: 1"));
  server.reset();
  for (const auto& reader : readers) EXPECT_TRUE(Eventually([&] { return reader->over(); }));
}

TEST(LiveServer, SoManyMayLookAndWhoLeavesMakesRoom) {
  const auto server = Open({}, Millis(50));
  server->Publish("1");
  std::vector<std::unique_ptr<Reader>> readers;
  for (size_t i = 0; i < LiveServer::kReadersMax; ++i) {
    readers.push_back(std::make_unique<Reader>(server->url()));
  }
  for (const auto& reader : readers) ASSERT_TRUE(reader->Saw("data: 1"));
  Reader refused(server->url());
  EXPECT_TRUE(Eventually([&] { return refused.over(); }));
  EXPECT_EQ(refused.status(), 503);
  EXPECT_EQ(HttpGet(server->url()).status, 200) << "the page is for all";
  readers.front()->Leave();
  EXPECT_TRUE(Eventually([&] { return readers.front()->over(); }));
  EXPECT_TRUE(Eventually([&] {
    bool seen = false;
    HttpStream(server->url() + "events", [&](const std::string&) {
      seen = true;
      return false;
    });
    return seen;
  }));
  for (const auto& reader : readers) reader->Leave();
}

TEST(LiveServer, WithoutAnInjectorEveryFaultIsRefusedAndSaysWhy) {
  const auto server = Open({});
  const HttpAnswer answer = HttpPost(server->url() + "fault/1");
  EXPECT_EQ(answer.status, 403);
  EXPECT_TRUE(absl::StrContains(answer.body, "--interactive")) << answer.body;
}

TEST(LiveServer, AFaultIsInjectedByItsNumber) {
  std::vector<int> injected;
  const auto server = Open({.inject = [&](int fault) -> absl::Status {
    injected.push_back(fault);
    if (fault > 3) return absl::NotFoundError("There is no such fault.");
    if (fault == 3) return absl::FailedPreconditionError("Not now.");
    return absl::OkStatus();
  }});
  EXPECT_EQ(HttpPost(server->url() + "fault/2").status, 204);
  const HttpAnswer busy = HttpPost(server->url() + "fault/3");
  EXPECT_EQ(busy.status, 409);
  EXPECT_EQ(busy.body, "Not now.\n");
  EXPECT_EQ(HttpPost(server->url() + "fault/9").status, 404);
  EXPECT_EQ(HttpPost(server->url() + "fault/x").status, 404);
  EXPECT_EQ(HttpGet(server->url() + "fault/1").status, 404) << "looking breaks nothing";
  EXPECT_EQ(injected, (std::vector<int>{2, 3, 9}));
}

TEST(LiveServer, APageOfAnotherSiteInjectsNothing) {
  int injected = 0;
  const auto server = Open({.inject = [&](int) -> absl::Status {
    ++injected;
    return absl::OkStatus();
  }});
  const std::string fault = server->url() + "fault/1";
  EXPECT_EQ(HttpPost(fault, {{"Origin", "http://evil.example"}}).status, 403);
  EXPECT_EQ(HttpPost(fault, {{"Host", "evil.example"}}).status, 403);
  EXPECT_EQ(injected, 0);
  std::string own = server->url();
  own.pop_back();
  EXPECT_EQ(HttpPost(fault, {{"Origin", own}}).status, 204);
  EXPECT_EQ(injected, 1);
}

}  // namespace
}  // namespace replsim::live_server_test
