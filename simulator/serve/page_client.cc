#include "simulator/serve/page_client.h"

#include <httplib.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace replsim {
namespace {

constexpr int kAnswerTimeoutS = 30;

PageAnswer ToPageAnswer(const std::string& url, const httplib::Result& result) {
  if (!result) return {0, absl::StrCat(url, " does not answer")};
  return {result->status, std::string(absl::StripSuffix(result->body, "\n"))};
}

httplib::Client ClientFor(const std::string& url) {
  httplib::Client client{std::string(absl::StripSuffix(url, "/"))};
  client.set_read_timeout(kAnswerTimeoutS);
  return client;
}

}  // namespace

PageAnswer GetFromPage(const std::string& url, const std::string& path) {
  PageAnswer answer = ToPageAnswer(url, ClientFor(url).Get(path));
  if (answer.status == 200) answer.body += "\n";
  return answer;
}

PageAnswer PostToPage(const std::string& url, const std::string& path, const std::string& body) {
  return ToPageAnswer(url, ClientFor(url).Post(path, body, "text/plain"));
}

}  // namespace replsim
