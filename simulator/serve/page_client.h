// Requests to the page of a run on this machine.
#pragma once

#include <string>

namespace replsim {

struct PageAnswer {
  int status = 0;  // of HTTP; 0: no answer, and `body` says so
  std::string body;
};
// `url`: http://127.0.0.1:PORT/. Both block, for at most half a minute.
PageAnswer GetFromPage(const std::string& url, const std::string& path);
PageAnswer PostToPage(const std::string& url, const std::string& path, const std::string& body);

}  // namespace replsim
