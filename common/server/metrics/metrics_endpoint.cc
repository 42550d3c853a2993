#include "common/server/metrics/metrics_endpoint.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/base/status.h"
#include "common/server/metrics/node_metrics_text.h"
#include "common/server/metrics/prometheus_text.h"

namespace replsim {
namespace {

constexpr char kPath[] = "/metrics";
constexpr int kThreads = 2;  // a client that does not read its answer does not block another one
constexpr int kTimeoutS = 2;

HttpResponse Answer(const HttpRequest& request, const NodeId& node, NodeLoop* loop) {
  if (request.method != "GET" || request.path != kPath) {
    return {404,
            "text/plain; charset=utf-8",
            absl::StrCat("Only GET is served: GET ", kPath, ".\n"),
            {}};
  }
  struct Snapshot {
    NodeMetrics metrics;
    absl::Notification taken;
  };
  const auto snapshot = std::make_shared<Snapshot>();  // shared: the loop may fill it after a 503
  loop->Do([snapshot](Node& n) {
    snapshot->metrics = n.Metrics();
    snapshot->taken.Notify();
  });
  if (!snapshot->taken.WaitForNotificationWithTimeout(absl::Seconds(kTimeoutS))) {
    return {503,
            "text/plain; charset=utf-8",
            absl::StrCat("The node did not answer within ", kTimeoutS,
                         " s: its event loop is busy, perhaps with a flush\n"),
            {}};
  }
  return {200, kPrometheusContentType, NodeMetricsText(node, snapshot->metrics), {}};
}

}  // namespace

absl::StatusOr<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::Open(NodeId node, NodeLoop* loop,
                                                                       int port) {
  absl::StatusOr<std::unique_ptr<HttpServer>> server = HttpServer::Listen(
      port, kThreads, [node = std::move(node), loop](const HttpRequest& request) {
        return Answer(request, node, loop);
      });
  if (!server.ok()) return Annotate(server.status(), "cluster.metrics_port");
  return std::unique_ptr<MetricsEndpoint>(new MetricsEndpoint(*std::move(server)));
}

std::string MetricsEndpoint::url() const { return server_->url() + kPath; }

}  // namespace replsim
