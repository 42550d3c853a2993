#include "simulator/serve/play_server.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "simulator/serve/child_filter.h"

namespace replsim {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPlayBytesMax = 256 << 10;
constexpr int kPlayThreads = 6;
constexpr char kPlainType[] = "text/plain; charset=utf-8";
constexpr char kJsonType[] = "application/json";
constexpr char kHtmlType[] = "text/html; charset=utf-8";
// The exit statuses of replsim: 0 to 2 are verdicts, 64 is bad input.
constexpr int kVerdictMax = 2;
constexpr int kBadInput = 64;

HttpResponse Reply(int status, const char* type, std::string body) {
  return {status, type, std::move(body), nullptr};
}

HttpResponse Refusal(const absl::Status& status) {
  return Reply(absl::IsCancelled(status) ? 409 : 500, kPlainType,
               absl::StrCat(status.message(), "\n"));
}

}  // namespace

struct PlayServer::State {
  explicit State(Options the_options) : options(std::move(the_options)) {}

  // Any thread.
  HttpResponse Answer(const HttpRequest& request) {
    const bool posts = request.method == "POST";
    if (!posts && request.path == "/") return Reply(200, kHtmlType, options.page);
    if (!posts && request.path == "/live-report") return LiveReport();
    if (posts && request.path == "/run") return Trial(trials, "answer", request.body);
    if (posts && request.path == "/share") return Trial(pages, "page", request.body);
    if (posts && request.path == "/live") return RunLive(request.body);
    return Reply(404, kPlainType,
                 "Unknown path; known: GET / and /live-report, POST /run, /share and /live.\n");
  }

  HttpResponse Trial(ChildFilter& filter, const std::string& as, const std::string& body) {
    absl::StatusOr<ChildFilter::Answer> answer =
        filter.Run({options.program, "play-trial", "--as", as}, body);
    if (!answer.ok()) return Refusal(answer.status());
    if (answer->status == kBadInput) return Reply(422, kJsonType, std::move(answer->output));
    if (answer->status != 0) return Reply(500, kPlainType, std::move(answer->output));
    return Reply(200, as == "page" ? kHtmlType : kJsonType, std::move(answer->output));
  }

  HttpResponse RunLive(const std::string& yaml) {
    std::error_code error;
    fs::create_directories(options.folder, error);
    const std::string path = options.folder + "/scenario.yaml";
    std::ofstream file(path, std::ios::binary);
    file << yaml;
    file.close();
    if (!file) return Reply(500, kPlainType, absl::StrCat("cannot write ", path, "\n"));
    absl::StatusOr<ChildFilter::Answer> answer =
        live.Run({options.program, "run", path, "--quiet", "--out", options.folder}, "");
    if (!answer.ok()) return Refusal(answer.status());
    return Reply(answer->status <= kVerdictMax ? 200 : 422, kPlainType, std::move(answer->output));
  }

  // The newest report below the folder: the scenario may have any name.
  HttpResponse LiveReport() const {
    std::error_code error;
    fs::path newest;
    for (const fs::directory_entry& entry : fs::directory_iterator(options.folder, error)) {
      const fs::path page = entry.path() / "latest" / "report.html";
      if (!fs::exists(page, error)) continue;
      if (newest.empty() || fs::last_write_time(page, error) > fs::last_write_time(newest, error)) {
        newest = page;
      }
    }
    if (newest.empty()) {
      return Reply(404, kPlainType, "There is no run with real processes yet.\n");
    }
    std::ostringstream text;
    text << std::ifstream(newest, std::ios::binary).rdbuf();
    return Reply(200, kHtmlType, text.str());
  }

  const Options options;
  ChildFilter trials;
  ChildFilter pages;
  ChildFilter live;
};

PlayServer::PlayServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

PlayServer::~PlayServer() {
  // Requests that wait for a program must end before the server can.
  state_->trials.Close();
  state_->pages.Close();
  state_->live.Close();
}

absl::StatusOr<std::unique_ptr<PlayServer>> PlayServer::Open(Options options) {
  const int port = options.port;
  auto play =
      std::unique_ptr<PlayServer>(new PlayServer(std::make_unique<State>(std::move(options))));
  absl::StatusOr<std::unique_ptr<HttpServer>> server = HttpServer::Listen(
      port, kPlayThreads,
      [state = play->state_.get()](const HttpRequest& request) { return state->Answer(request); },
      kPlayBytesMax);
  if (!server.ok()) return server.status();
  play->server_ = *std::move(server);
  return play;
}

}  // namespace replsim
