// Serves the page of `replsim play` on loopback (common/http/http_server.h). The page posts a
// request for each change; the server passes its body to a program, unread, and answers with what
// that prints.
//
//   GET /             the page
//   POST /run         PROGRAM play-trial --as answer: JSON. 409: a newer request replaced it. 422:
//                     JSON with the mistakes of the settings
//   POST /share       PROGRAM play-trial --as page: a report page
//   POST /live        a scenario: runs it with real processes, and answers with the report as text
//   GET /live-report  the report page of the last such run
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/http/http_server.h"

namespace replsim {

class PlayServer {
 public:
  struct Options {
    int port = 0;         // 0: any free port
    std::string page;     // HTML
    std::string program;  // replsim
    std::string folder;   // for runs with real processes; created when the first one begins
  };
  // Unavailable if the port cannot be bound.
  static absl::StatusOr<std::unique_ptr<PlayServer>> Open(Options options);
  // Ends runs that go on, and waits for them.
  ~PlayServer();

  std::string url() const { return server_->url() + "/"; }

 private:
  struct State;
  explicit PlayServer(std::unique_ptr<State> state);

  const std::unique_ptr<State> state_;
  std::unique_ptr<HttpServer> server_;  // ends before the state does
};

}  // namespace replsim
