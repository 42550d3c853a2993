#include "tests/live/http_client.h"

#include <httplib.h>

namespace replsim {
namespace {

struct Address {
  explicit Address(const std::string& url) {
    const size_t path_at = url.find('/', url.find("://") + 3);
    host = url.substr(0, path_at);
    path = url.substr(path_at);
  }
  std::string host, path;
};

HttpAnswer ToAnswer(const httplib::Result& result) {
  if (!result) return {};
  return {result->status,
          result->get_header_value("Content-Type"),
          result->body,
          {result->headers.begin(), result->headers.end()}};
}

}  // namespace

HttpAnswer HttpGet(const std::string& url, const HttpHeaders& headers) {
  const Address address(url);
  httplib::Client client(address.host);
  return ToAnswer(client.Get(address.path, {headers.begin(), headers.end()}));
}

HttpAnswer HttpPost(const std::string& url, const HttpHeaders& headers) {
  const Address address(url);
  httplib::Client client(address.host);
  return ToAnswer(client.Post(address.path, {headers.begin(), headers.end()}, "", "text/plain"));
}

HttpAnswer HttpStream(const std::string& url,
                      const std::function<bool(const std::string&)>& piece) {
  const Address address(url);
  httplib::Client client(address.host);
  client.set_read_timeout(10);
  int status = 0;
  std::string refusal;
  const httplib::Result result = client.Get(
      address.path,
      [&](const httplib::Response& response) {
        status = response.status;
        return true;
      },
      [&](const char* data, size_t size) {
        if (status == 200) return piece(std::string(data, size));
        refusal.append(data, size);
        return true;
      });
  if (!result) return {status, "", refusal};
  return {status,
          result->get_header_value("Content-Type"),
          refusal,
          {result->headers.begin(), result->headers.end()}};
}

}  // namespace replsim
