#include "simulator/analysis/timeline/window.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/analysis/availability/outage_table.h"

namespace replsim {
namespace {

constexpr int64_t kWindowMinNs = 40'000'000;

std::optional<Window> AroundWrite(const KnownWrites& evidence, const char* which, std::string why) {
  const absl::StatusOr<WriteRef> write = FindWrite(evidence, which);
  if (!write.ok() || write->operation == nullptr) return std::nullopt;
  const Operation& operation = *write->operation;
  int64_t end = operation.completed_ns;
  if (absl::string_view(which) == "lost") {
    const OutageTable outages(evidence.recording, evidence.leadership_history);
    end = std::max(end, outages.losses.LossOf(operation).at_ns.value_or(end));
  }
  const int64_t length = std::clamp(end - operation.invoked_ns, kWindowMinNs, kWindowMaxNs);
  // A write that waited longer than the widest window is shown at the end of its wait.
  const int64_t from = std::max(operation.invoked_ns, end - length);
  return Window{std::move(why), from - length / 4, from + length / 2 + (end - from), from, *write};
}

std::optional<Window> AroundFirstFault(const Recording& recording, const proto::Timeline& faults) {
  if (faults.faults().empty()) return std::nullopt;
  const auto first =
      std::min_element(faults.faults().begin(), faults.faults().end(),
                       [](const auto& a, const auto& b) { return a.begin_s() < b.begin_s(); });
  const int64_t at =
      recording.manifest.load_begin_ns() + static_cast<int64_t>(first->begin_s() * 1e9);
  return Window{absl::StrCat("around the first fault: ", first->on(0), " ", first->what()),
                at - kWindowMaxNs / 8, at + kWindowMaxNs / 8, at, std::nullopt};
}

}  // namespace

std::optional<Window> ChooseWindow(const KnownWrites& evidence, const proto::Timeline& faults) {
  if (evidence.fates.first_lost)
    return AroundWrite(evidence, "lost", "the first write that was acknowledged and lost");
  if (auto window = AroundFirstFault(evidence.recording, faults)) return window;
  return AroundWrite(evidence, "slowest", "the slowest committed write");
}

}  // namespace replsim
