#include "simulator/command/served_run.h"

#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "asio/executor_work_guard.hpp"
#include "common/base/escape_html.h"
#include "simulator/faults/describe_fault.h"
#include "simulator/recording/file_bytes.h"
#include "simulator/report/page/document.h"
#include "simulator/scenario/check.h"
#include "simulator/serve/live_view.h"

namespace replsim {
namespace {

constexpr Nanos kStatusEvery = Millis(1000);

// Shown until the first view exists.
std::string FirstPage(const proto::Scenario& scenario) {
  return Document(
      scenario.name(),
      absl::StrCat("<h1>", EscapeHtml(scenario.name()), "</h1><p>", EscapeHtml(scenario.question()),
                   "</p><p>The charts appear as soon as the load has begun.</p>\n<script>"
                   "addEventListener(\"replsim-update\", () => location.reload());"
                   "</script>"),
      Charts::kNone);
}

}  // namespace

absl::StatusOr<std::unique_ptr<ServedRun>> ServedRun::Open(const Options& options,
                                                           const proto::Scenario& scenario) {
  auto served = std::unique_ptr<ServedRun>(new ServedRun());
  ServedRun* const self = served.get();
  {
    const absl::MutexLock lock(&self->mutex_);
    self->page_ = FirstPage(scenario);
  }
  LiveServer::Callbacks callbacks;
  callbacks.page = [self] { return self->Page(); };
  callbacks.metrics = [self] { return self->metrics_.Text(); };
  if (options.interactive) {
    for (const proto::Fault& fault : scenario.faults()) {
      self->buttons_.push_back(DescribeAction(fault));
    }
    callbacks.inject = [self](int fault) -> absl::Status {
      // Known before the first run begins.
      const auto count = static_cast<int>(self->buttons_.size());
      if (fault < 1 || fault > count) {
        return absl::NotFoundError(absl::StrCat("The scenario has ", count,
                                                count == 1 ? " fault" : " faults",
                                                "; there is no fault ", fault, "."));
      }
      return self->button_.Press(fault);
    };
  }
  callbacks.status = [self] {
    const absl::MutexLock lock(&self->mutex_);
    return self->status_text_;
  };
  if (options.read_fault != nullptr) {
    self->nodes_ = VoterIds(scenario);
    callbacks.act = [self, read = options.read_fault](const std::string& words) -> absl::Status {
      const absl::StatusOr<proto::Fault> fault = read(words);
      return fault.ok() ? self->button_.Press(*fault) : fault.status();
    };
  }
  LiveServer::Options server;
  server.port = options.port;
  absl::StatusOr<std::unique_ptr<LiveServer>> opened =
      LiveServer::Open(server, std::move(callbacks));
  if (!opened.ok()) return opened.status();
  served->server_ = *std::move(opened);
  std::fprintf(stderr, "serving %s\n", served->server_->url().c_str());
  return served;
}

std::string ServedRun::Page() {
  const absl::MutexLock lock(&mutex_);
  return WithLiveControls(page_, status_, buttons_, nodes_);
}

void ServedRun::ShowStatus(std::string html) {
  {
    const absl::MutexLock lock(&mutex_);
    status_ = html;
  }
  server_->PublishStatus(std::move(html));
}

RunDisplay ServedRun::Watch(RunPlace place, RunDisplay display) {
  place_ = std::move(place);
  const Nanos interval = display.interval == Nanos(0) ? kStatusEvery : display.interval;
  return {interval, [this, show = std::move(display.show),
                     shown = absl::InfinitePast()](const RunSnapshot& glance) mutable {
            if (show) show(glance);
            if (!nodes_.empty()) TellAddresses(glance);
            const absl::Time now = absl::Now();
            if (now - shown < absl::FromChrono(kStatusEvery)) return;
            shown = now;
            {
              const absl::MutexLock lock(&mutex_);
              status_text_ = StatusText(glance);
            }
            ShowStatus(RunningHtml(place_, glance));
          }};
}

void ServedRun::TellAddresses(const RunSnapshot& glance) {
  if (told_ || glance.phase != "load") return;
  told_ = true;
  std::string text = absl::StrCat("up: ", run_folder_, "\n");
  for (const std::string& node : nodes_) {
    const absl::StatusOr<std::string> address =
        ReadFileBytes(absl::StrCat(run_folder_, "/nodes/", node, "/address"));
    absl::StrAppend(&text, "  ", node, "  ", address.value_or("not known\n"));
  }
  std::fprintf(stderr,
               "%stoken of every call: %s/token\n"
               "replsim ctl kill p · replsim put KEY VALUE · replsim status · Ctrl-C ends it\n",
               text.c_str(), run_folder_.c_str());
}

void ServedRun::Show(const std::string& run_folder) {
  run_folder_ = run_folder;
  views_ = std::make_unique<ViewLoop>(
      std::vector<std::string>{"/proc/self/exe", "view", run_folder}, [this](LiveView view) {
        {
          const absl::MutexLock lock(&mutex_);
          page_ = std::move(view.page);
        }
        server_->Publish(std::move(view.update));
      });
}

void ServedRun::ServeUntilInterrupted(LiveMachine& machine) {
  if (views_ != nullptr) views_->Finish();
  ShowStatus(FinishedHtml(place_));
  std::fprintf(stderr, "%s remains available until Ctrl-C\n", server_->url().c_str());
  const auto keep = asio::make_work_guard(machine.io);
  machine.processes.OnInterrupt([&machine](int) { machine.io.stop(); });
  machine.io.restart();
  machine.io.run();
  machine.processes.OnInterrupt(nullptr);
}

}  // namespace replsim
