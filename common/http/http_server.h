// A small HTTP/1.1 server for people and metric scrapers on this machine. It listens on loopback
// only and handles one request per connection. One handler answers all requests.
//
// Web pages of other sites that are open in a local browser must not reach the handler. The server
// therefore answers 403 if the Host header is not its own loopback address (a DNS name rebound to
// 127.0.0.1), or if there is an Origin header of another site. Response headers forbid the browser
// to load content from elsewhere, to show the page in a frame of another page, and to guess content
// types.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace httplib {
class Server;
}

namespace replsim {

struct HttpRequest {
  std::string method;  // GET (also for HEAD) or POST
  std::string path;    // begins with '/', without the query
  std::string body{};  // of a POST
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  // If set, produces the response instead of `body`. The server calls it repeatedly and sends each
  // piece. It may block. It returns false to end the response. Nothing is sent for an empty piece.
  // It is destroyed when the client has disconnected or the response has ended.
  std::function<bool(std::string* piece)> stream;
};

class HttpServer {
 public:
  // Called on several threads at once.
  using Handler = std::function<HttpResponse(const HttpRequest&)>;

  // Serves on 127.0.0.1:`port` until it is destroyed; port 0 selects a free port. Handles at most
  // `threads` requests at a time; more requests wait. A stream occupies a thread until it ends.
  // A request with a larger body than `body_bytes_max` is answered with 413. Returns Unavailable if
  // it cannot listen on the port.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Listen(int port, int threads, Handler handler,
                                                            size_t body_bytes_max = 4096);
  // Waits until all requests are answered. End all streams first.
  ~HttpServer();

  int port() const { return port_; }
  std::string url() const;  // without a '/' at its end

 private:
  HttpServer(std::unique_ptr<httplib::Server> server, int port);

  const std::unique_ptr<httplib::Server> server_;
  const int port_;
  std::thread thread_;  // accepts connections
};

// Whether a Host header names loopback and `port`: 127.0.0.1, localhost or [::1], and nothing else.
bool IsLoopbackHost(absl::string_view host, int port);

}  // namespace replsim
