// Serves the page of a run while the run is active. `/` is the page. `/events` sends updates to
// open pages (server-sent events, https://html.spec.whatwg.org/multipage/server-sent-events.html).
// `/metrics` is for Prometheus, `/status` the state of the nodes as text. POST /fault/N injects the
// scenario's fault N, POST /do the fault that its body names, if allowed. Listens
// on loopback only, and rejects requests from pages of other sites (common/http/http_server.h).
//
// The server knows nothing about runs: the callbacks provide the content and inject the faults.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/time.h"
#include "common/http/http_server.h"

namespace replsim {

class LiveServer {
 public:
  // Maximum number of readers of /events at a time; another one is answered with 503.
  static constexpr size_t kReadersMax = 16;

  struct Options {
    int port = 0;  // TCP port on loopback; 0 (default): any free port
    // A comment is sent after this long without an update, so that a dead connection is noticed.
    // Default 5 s.
    Nanos heartbeat = Millis(5000);
  };
  // Called on the server's threads, concurrently.
  struct Callbacks {
    std::function<std::string()> page{};     // HTML
    std::function<std::string()> metrics{};  // in Prometheus' text format
    // Injects fault 1, 2, … of the scenario. OK: the injection has started. NotFound: no such
    // fault. Any other status: the reason why it is not possible now. Null: injection is not
    // allowed (403).
    std::function<absl::Status(int fault)> inject{};
    // The same for a fault in words: "kill r1". InvalidArgument: the words are wrong.
    std::function<absl::Status(const std::string& words)> act{};
    std::function<std::string()> status{};  // plain text; null: there is no /status
  };

  // Unavailable if the port cannot be bound.
  static absl::StatusOr<std::unique_ptr<LiveServer>> Open(const Options& options,
                                                          Callbacks callbacks);
  // Ends all streams immediately.
  ~LiveServer();

  std::string url() const { return server_->url() + "/"; }

  // Sets the status of the run: HTML on one line, sent to every reader as an event `status`. May be
  // called from any thread.
  void PublishStatus(std::string html);
  // Sets the newest state: JSON on one line, sent to every reader as an event `update`. A reader
  // that is slow skips states that were replaced before they could be sent; a new reader gets the
  // newest state at once. The first update has id 1, the next 2, and so on. May be called from any
  // thread.
  void Publish(std::string update);

 private:
  struct State;
  explicit LiveServer(std::shared_ptr<State> state) : state_(std::move(state)) {}

  const std::shared_ptr<State> state_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace replsim
