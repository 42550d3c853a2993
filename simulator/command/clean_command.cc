#include "simulator/command/clean_command.h"

#include <cstdio>
#include <vector>

#include "absl/strings/str_cat.h"
#include "simulator/command/exit_status.h"
#include "simulator/command/old_runs.h"

namespace replsim {
namespace {

constexpr uint64_t kReportAboveBytes = 1'000'000'000;

std::string CountedRuns(size_t count) { return absl::StrCat(count, count == 1 ? " run" : " runs"); }

// Returns the runs beyond the newest `keep` of each scenario.
std::vector<StoredRun> RunsToRemove(const std::vector<StoredRun>& runs, uint32_t keep) {
  std::vector<StoredRun> old;
  uint32_t kept = 0;
  for (size_t i = 0; i < runs.size(); ++i) {
    if (i == 0 || runs[i].scenario != runs[i - 1].scenario) kept = 0;
    if (kept++ >= keep) old.push_back(runs[i]);
  }
  return old;
}

}  // namespace

int Clean(const CleanOptions& options) {
  const absl::StatusOr<std::vector<StoredRun>> runs = ListRuns(options.out);
  if (!runs.ok()) return UsageError(runs.status());
  const std::vector<StoredRun> old = RunsToRemove(*runs, options.keep);
  uint64_t total = 0;
  for (const StoredRun& run : old) {
    const uint64_t bytes = BytesIn(run.path);
    if (!options.dry_run) {
      const absl::Status removed = RemoveRun(run);
      if (!removed.ok()) {
        return Failure(removed);
      }
    }
    total += bytes;
    std::printf("%s  %s\n", run.path.c_str(), BytesText(bytes).c_str());
  }
  std::printf("%s%s (%s), kept %s\n", options.dry_run ? "would remove " : "removed ",
              CountedRuns(old.size()).c_str(), BytesText(total).c_str(),
              CountedRuns(runs->size() - old.size()).c_str());
  return kExitHeld;
}

void ReportRunFolderSize(const std::string& out) {
  const uint64_t bytes = BytesIn(out);
  if (bytes < kReportAboveBytes) return;
  std::fprintf(stderr,
               "%s holds %s of recordings; replsim clean --keep 5 --out %s keeps the 5 newest runs "
               "of each scenario\n",
               out.c_str(), BytesText(bytes).c_str(), out.c_str());
}

}  // namespace replsim
