// Serves a node's measurements: GET /metrics on loopback, and nothing else. Nothing is measured or
// sent for it unless somebody asks; then the node's loop takes one snapshot, and the page is made
// of that elsewhere.
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
  // On `port` of loopback, 0 being any free one. The loop runs its core, and outlives the endpoint.
  static absl::StatusOr<std::unique_ptr<MetricsEndpoint>> Open(NodeId node, NodeLoop* loop,
                                                               int port);

  std::string url() const;

 private:
  explicit MetricsEndpoint(std::unique_ptr<HttpServer> server) : server_(std::move(server)) {}
  const std::unique_ptr<HttpServer> server_;
};

}  // namespace replsim
