// A small HTTP/1.1 server for people and scrapers on this machine: loopback only, plain text in and
// out, one connection per request. What it serves is one handler's affair.
//
// A page of another site that runs in a browser here must not reach it: a request whose Host is not
// this server's loopback address (a name rebound to 127.0.0.1), or whose Origin is not this server
// itself, is answered 403 before the handler sees it. Every answer forbids the browser to load
// anything from elsewhere, to show the page inside another, and to guess a type of content.
#pragma once

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
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  // Where it is set, what is sent instead of `body`, piece by piece: called again and again, may
  // wait, ends the response where it returns false. An empty piece only asks to be called again.
  // It is destroyed when the client has gone or the response has ended.
  std::function<bool(std::string* piece)> stream;
};

class HttpServer {
 public:
  // Called on several threads at once.
  using Handler = std::function<HttpResponse(const HttpRequest&)>;

  // Serves on 127.0.0.1:`port`, 0 being any free one, until it is destroyed. At most `threads`
  // requests at a time, the others wait; a stream holds its thread. Unavailable where the port
  // cannot be had.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Listen(int port, int threads, Handler handler);
  // Waits for the requests being handled: end all streams first.
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
