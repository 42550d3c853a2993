#include "simulator/serve/live_server.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/check.h"
#include "common/server/metrics/prometheus_text.h"

namespace replsim {
namespace {

constexpr char kText[] = "text/plain; charset=utf-8";
// Interval at which a stream checks whether its reader is still connected.
constexpr Nanos kLook = Millis(500);

HttpResponse Say(int status, absl::string_view sentence) {
  return {status, kText, absl::StrCat(sentence, "\n"), nullptr};
}

}  // namespace

struct LiveServer::State {
  State(const Options& the_options, Callbacks the_callbacks)
      : heartbeat(the_options.heartbeat), callbacks(std::move(the_callbacks)) {}

  HttpResponse Answer(const std::shared_ptr<State>& self, const HttpRequest& request);
  HttpResponse Inject(absl::string_view number);
  HttpResponse Act(const std::string& words);
  HttpResponse Stream(const std::shared_ptr<State>& self);
  // The newest versions that a reader has been sent.
  struct Seen {
    uint64_t update = 0;
    uint64_t status = 0;
  };
  // Produces the next piece of a stream; returns false at its end.
  bool Next(Seen* seen, Nanos* silent, std::string* piece);

  const Nanos heartbeat;
  const Callbacks callbacks;

  absl::Mutex mutex;
  absl::CondVar changed;
  Seen newest ABSL_GUARDED_BY(mutex);  // number of updates and statuses published
  std::string update ABSL_GUARDED_BY(mutex);
  std::string status_html ABSL_GUARDED_BY(mutex);
  size_t readers ABSL_GUARDED_BY(mutex) = 0;
  bool stopping ABSL_GUARDED_BY(mutex) = false;
};

HttpResponse LiveServer::State::Answer(const std::shared_ptr<State>& self,
                                       const HttpRequest& request) {
  constexpr char kFault[] = "/fault/";
  if (request.method == "POST") {
    if (request.path == "/do") return Act(request.body);
    if (!absl::StartsWith(request.path, kFault))
      return Say(404, "Unknown path; POST is only for /fault/N and /do.");
    return Inject(absl::StripPrefix(request.path, kFault));
  }
  if (request.path == "/") return {200, "text/html; charset=utf-8", callbacks.page(), nullptr};
  if (request.path == "/events") return Stream(self);
  if (request.path == "/status" && callbacks.status != nullptr) {
    return {200, kText, callbacks.status(), nullptr};
  }
  if (request.path == "/metrics") {
    return {200, kPrometheusContentType, callbacks.metrics(), nullptr};
  }
  return Say(404, "Unknown path; known: /, /events and /metrics.");
}

HttpResponse LiveServer::State::Inject(absl::string_view number) {
  if (callbacks.inject == nullptr) {
    return Say(403,
               "Faults can be injected by hand only if the run was started with "
               "--interactive.");
  }
  int fault = 0;
  if (!absl::SimpleAtoi(number, &fault)) {
    return Say(404, "Expected the number of a fault: /fault/1 is the first of the scenario.");
  }
  const absl::Status status = callbacks.inject(fault);
  if (status.ok()) return {204, kText, "", nullptr};
  if (absl::IsNotFound(status)) return Say(404, status.message());
  return Say(409, status.message());
}

HttpResponse LiveServer::State::Act(const std::string& words) {
  if (callbacks.act == nullptr) {
    return Say(403, "Only a cluster that was started with replsim up takes faults in words.");
  }
  const absl::Status status = callbacks.act(words);
  if (status.ok()) return {204, kText, "", nullptr};
  return Say(absl::IsInvalidArgument(status) ? 400 : 409, status.message());
}

HttpResponse LiveServer::State::Stream(const std::shared_ptr<State>& self) {
  {
    const absl::MutexLock lock(&mutex);
    if (readers >= kReadersMax) {
      return Say(503, absl::StrCat("Too many connections to /events; at most ", kReadersMax, "."));
    }
    ++readers;
  }
  const std::shared_ptr<void> reader(nullptr, [self](void*) {
    const absl::MutexLock lock(&self->mutex);
    --self->readers;
  });
  return {200, "text/event-stream", "",
          [self, reader, seen = Seen(), silent = Nanos(0)](std::string* piece) mutable {
            return self->Next(&seen, &silent, piece);
          }};
}

bool LiveServer::State::Next(Seen* seen, Nanos* silent, std::string* piece) {
  const absl::MutexLock lock(&mutex);
  if (!stopping && seen->update == newest.update && seen->status == newest.status) {
    const Nanos wait = std::min(kLook, heartbeat - *silent);
    if (changed.WaitWithTimeout(&mutex, absl::FromChrono(wait))) *silent += wait;
  }
  if (stopping) return false;
  if (seen->status < newest.status) {
    *silent = Nanos(0);
    absl::StrAppend(piece, "event: status\ndata: ", status_html, "\n\n");
  }
  if (seen->update < newest.update) {
    *silent = Nanos(0);
    absl::StrAppend(piece, "event: update\nid: ", newest.update, "\ndata: ", update, "\n\n");
  }
  *seen = newest;
  if (*silent >= heartbeat) {
    *silent = Nanos(0);
    *piece = ": nothing new\n\n";
  }
  return true;
}

absl::StatusOr<std::unique_ptr<LiveServer>> LiveServer::Open(const Options& options,
                                                             Callbacks callbacks) {
  const auto state = std::make_shared<State>(options, std::move(callbacks));
  auto live = std::unique_ptr<LiveServer>(new LiveServer(state));
  // Each reader's stream occupies a thread; the four others serve pages and fault injection.
  absl::StatusOr<std::unique_ptr<HttpServer>> server = HttpServer::Listen(
      options.port, static_cast<int>(kReadersMax) + 4,
      [state](const HttpRequest& request) { return state->Answer(state, request); });
  if (!server.ok()) return server.status();
  live->server_ = *std::move(server);
  return live;
}

LiveServer::~LiveServer() {
  const absl::MutexLock lock(&state_->mutex);
  state_->stopping = true;
  state_->changed.SignalAll();
}

void LiveServer::PublishStatus(std::string html) {
  REPL_CHECK(!absl::StrContains(html, "\n"), "a status of several lines");
  const absl::MutexLock lock(&state_->mutex);
  state_->status_html = std::move(html);
  ++state_->newest.status;
  state_->changed.SignalAll();
}

void LiveServer::Publish(std::string update) {
  REPL_CHECK(!absl::StrContains(update, "\n"), "an update of several lines");
  const absl::MutexLock lock(&state_->mutex);
  state_->update = std::move(update);
  ++state_->newest.update;
  state_->changed.SignalAll();
}

}  // namespace replsim
