// Serves the page of a run while the run goes on: `/` is the page, `/events` tells those who look
// at it whenever there is something newer (server-sent events,
// https://html.spec.whatwg.org/multipage/server-sent-events.html), `/metrics` is for Prometheus,
// and POST /fault/N injects the scenario's fault N, where allowed. Loopback only, and no page
// of another site gets an answer (common/http/http_server.h).
//
// Knows nothing of runs: what is shown and what a fault is are its callbacks'.
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
  // So many may look at once; one more is answered 503.
  static constexpr size_t kReadersMax = 16;

  struct Options {
    int port = 0;                    // 0: any free one
    Nanos heartbeat = Millis(5000);  // a comment after so long without an update
  };
  // Called on the server's threads, several at once.
  struct Callbacks {
    std::function<std::string()> page{};     // HTML
    std::function<std::string()> metrics{};  // in Prometheus' text format
    // Fault 1, 2, … of the scenario. OK: it is under way; NotFound: there is none; otherwise why
    // not now. Null: nobody may.
    std::function<absl::Status(int fault)> inject{};
  };

  // Unavailable where the port cannot be had.
  static absl::StatusOr<std::unique_ptr<LiveServer>> Open(const Options& options,
                                                          Callbacks callbacks);
  // Ends all streams at once.
  ~LiveServer();

  std::string url() const { return server_->url() + "/"; }

  // From any thread: what runs, as HTML in one line. Every reader gets the newest as an event
  // `status`.
  void PublishStatus(std::string html);
  // From any thread: from now on this is the newest state, JSON in one line. Every reader gets it
  // as an event `update`, unless a newer one comes before it could be sent; a new reader gets the
  // newest at once. The first one has id 1, the next 2, and so on.
  void Publish(std::string update);

 private:
  struct State;
  explicit LiveServer(std::shared_ptr<State> state) : state_(std::move(state)) {}

  const std::shared_ptr<State> state_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace replsim
