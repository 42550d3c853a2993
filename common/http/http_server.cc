#include "common/http/http_server.h"

#include <fcntl.h>
#include <httplib.h>
#include <sys/socket.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

namespace replsim {
namespace {

constexpr char kLoopback[] = "127.0.0.1";
constexpr int kTimeoutS = 2;  // timeout for a client that does not send or does not read
// Pages contain their scripts, their styles and an icon (a data: URL). A live page requests events
// and faults from this server.
constexpr char kContentPolicy[] =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// Replaces the library's SO_REUSEPORT: two programs on one port must be an error.
void PrepareSocket(int socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  fcntl(socket, F_SETFD, FD_CLOEXEC);
}

bool IsForeign(const httplib::Request& request) {
  const std::string host = request.get_header_value("Host");
  if (!IsLoopbackHost(host, request.local_port)) return true;
  return request.has_header("Origin") &&
         request.get_header_value("Origin") != absl::StrCat("http://", host);
}

// Uses a content provider also for a plain body. The library compresses a body that it holds
// itself, which costs more than it saves on loopback.
void Send(HttpResponse from, httplib::Response* to) {
  to->status = from.status;
  to->set_header("Cache-Control", "no-store");
  if (from.stream != nullptr) {
    to->set_chunked_content_provider(
        from.content_type, [next = std::move(from.stream)](size_t, httplib::DataSink& sink) {
          std::string piece;
          if (!next(&piece)) {
            sink.done();
            return true;
          }
          // An empty write would end the response.
          return piece.empty() ? sink.is_writable() : sink.write(piece.data(), piece.size());
        });
  } else if (from.body.empty()) {
    to->set_content("", from.content_type);
  } else {
    const auto body = std::make_shared<const std::string>(std::move(from.body));
    to->set_content_provider(body->size(), from.content_type,
                             [body](size_t offset, size_t length, httplib::DataSink& sink) {
                               return sink.write(body->data() + offset,
                                                 std::min(length, body->size() - offset));
                             });
  }
}

void Configure(httplib::Server* server, int threads, HttpServer::Handler handler,
               size_t body_bytes_max) {
  server->new_task_queue = [threads] {
    return new httplib::ThreadPool(static_cast<size_t>(threads));
  };
  server->set_socket_options(PrepareSocket);
  server->set_keep_alive_max_count(1);
  server->set_keep_alive_timeout(kTimeoutS);
  server->set_read_timeout(kTimeoutS);
  server->set_write_timeout(kTimeoutS);
  server->set_payload_max_length(body_bytes_max);
  server->set_tcp_nodelay(true);
  server->set_default_headers(
      {{"X-Content-Type-Options", "nosniff"}, {"Content-Security-Policy", kContentPolicy}});
  const auto answer = [handler = std::move(handler)](const httplib::Request& request,
                                                     httplib::Response& response,
                                                     std::string body) {
    if (IsForeign(request)) {
      return Send({403, "text/plain; charset=utf-8",
                   "Refused: the request comes from a page of another site or uses a host name "
                   "other than this machine's loopback.\n",
                   nullptr},
                  &response);
    }
    const bool posts = request.method == "POST";
    Send(handler({posts ? "POST" : "GET", request.path, std::move(body)}), &response);
  };
  server->Get(".*", [answer](const httplib::Request& request, httplib::Response& response) {
    answer(request, response, "");
  });
  // A POST without a length has no body; the library would wait for the client to close the
  // connection.
  server->Post(".*", [answer](const httplib::Request& request, httplib::Response& response,
                              const httplib::ContentReader& read) {
    const bool has_body =
        request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
    std::string body;
    const auto take = [&body](const char* piece, size_t size) {
      body.append(piece, size);
      return true;
    };
    if (has_body && !read(take)) return;
    answer(request, response, std::move(body));
  });
}

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Listen(int port, int threads,
                                                               Handler handler,
                                                               size_t body_bytes_max) {
  auto server = std::make_unique<httplib::Server>();
  Configure(server.get(), threads, std::move(handler), body_bytes_max);
  const bool bound = port == 0 ? (port = server->bind_to_any_port(kLoopback)) > 0
                               : server->bind_to_port(kLoopback, port);
  if (!bound) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", kLoopback, ":", port,
                     ": the port is in use or not permitted; 0 selects a free one"));
  }
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(server), port));
}

HttpServer::HttpServer(std::unique_ptr<httplib::Server> server, int port)
    : server_(std::move(server)), port_(port) {
  thread_ = std::thread([this] { server_->listen_after_bind(); });
  // stop() has no effect before the server runs.
  while (!server_->is_running()) std::this_thread::yield();
}

HttpServer::~HttpServer() {
  server_->stop();
  thread_.join();
}

std::string HttpServer::url() const { return absl::StrCat("http://", kLoopback, ":", port_); }

bool IsLoopbackHost(absl::string_view host, int port) {
  for (const absl::string_view name : {"127.0.0.1", "localhost", "[::1]"}) {
    if (host == absl::StrCat(name, ":", port)) return true;
    // Clients omit the default port of http.
    if (port == 80 && host == name) return true;
  }
  return false;
}

}  // namespace replsim
