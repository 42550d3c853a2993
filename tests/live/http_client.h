// Asks servers on this machine, for tests.
#pragma once

#include <functional>
#include <map>
#include <string>

namespace replsim {

using HttpHeaders = std::map<std::string, std::string>;

struct HttpAnswer {
  int status = 0;  // 0: there was none
  std::string content_type;
  std::string body;
  HttpHeaders headers = {};
};

// `url`: http://HOST:PORT/PATH.
HttpAnswer HttpGet(const std::string& url, const HttpHeaders& headers = {});
HttpAnswer HttpPost(const std::string& url, const HttpHeaders& headers = {});
// Returns when the server ends the answer, or when `piece` does not want more. Nothing for 10 s
// ends it too. The answer's body is what was no piece: that of a refusal.
HttpAnswer HttpStream(const std::string& url, const std::function<bool(const std::string&)>& piece);

}  // namespace replsim
