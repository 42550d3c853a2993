// Serves a node's measurements: GET /metrics on loopback, and nothing else. A request takes one
// snapshot in the event loop; the threads of the HTTP server format the page. Without requests
// there is no extra work.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/ids.h"
#include "common/http/http_server.h"
#include "common/server/loop/node_loop.h"

namespace replsim {

class MetricsEndpoint {
 public:
  // Serves on `port` of loopback; 0 selects a free port. `loop` must run a core and outlive the
  // endpoint. Unavailable if it cannot listen on the port.
  static absl::StatusOr<std::unique_ptr<MetricsEndpoint>> Open(NodeId node, NodeLoop* loop,
                                                               int port);

  std::string url() const;

 private:
  explicit MetricsEndpoint(std::unique_ptr<HttpServer> server) : server_(std::move(server)) {}
  const std::unique_ptr<HttpServer> server_;
};

}  // namespace replsim
