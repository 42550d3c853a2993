// A blocking HTTP client for servers on this machine.
#pragma once

#include <functional>
#include <map>
#include <string>

namespace replsim {

using HttpHeaders = std::map<std::string, std::string>;

struct HttpAnswer {
  int status = 0;  // 0: no answer
  std::string content_type;
  std::string body;
  HttpHeaders headers = {};
};

// `url`: http://HOST:PORT/PATH.
HttpAnswer HttpGet(const std::string& url, const HttpHeaders& headers = {});
HttpAnswer HttpPost(const std::string& url, const HttpHeaders& headers = {});
// Reads a stream and passes each piece to `piece`. Returns when the server ends the answer, when
// `piece` returns false, or after 10 s of silence. The body of the result is what was not passed
// on, such as the text of a refusal.
HttpAnswer HttpStream(const std::string& url, const std::function<bool(const std::string&)>& piece);

}  // namespace replsim
