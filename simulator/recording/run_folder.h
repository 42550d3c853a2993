// Paths of the parts of a recording. A run is OUT/<scenario>/<time>/, and OUT/<scenario>/latest
// points to the newest run. A single variant that ran once is recorded directly in the run's
// folder; otherwise each recording has its own folder in it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protos/recording.pb.h"

namespace replsim {

// Converts a variant's or scenario's name to a file name: characters other than letters, digits,
// '.', '_', '-', '=' and ',' become '-'. The result is never empty and never hidden.
std::string FileSafeName(absl::string_view name);

// Creates OUT/<scenario>/<time> (with suffix -2, -3 … if it exists) and points `latest` at it.
// Returns its path.
absl::StatusOr<std::string> CreateRunFolder(const std::string& out, absl::string_view scenario,
                                            absl::string_view time);
// Creates the folder of one variant, with nodes/ and final/ in it. `only`: uses the run's own
// folder. Variants with the same file name get different folders.
absl::StatusOr<std::string> CreateVariantFolder(const std::string& run, absl::string_view variant,
                                                bool only);
// The same for repeat number `repeat` of a variant, from 1: `<variant>-repeat-3`, or `repeat-3` if
// it is the only variant.
absl::StatusOr<std::string> CreateRepeatFolder(const std::string& run, absl::string_view variant,
                                               bool only, uint32_t repeat);

// The folders of `run` that hold a recording: `run` itself, or the folders in it, ordered by repeat
// and then by start of the load. NotFound if there is none.
absl::StatusOr<std::vector<std::string>> ListRecordings(const std::string& run);

std::string ManifestPath(const std::string& folder);
std::string HistoryPath(const std::string& folder);
std::string ValuesPath(const std::string& folder);
std::string EventsPath(const std::string& folder);
std::string ScenarioPath(const std::string& folder);
std::string NodeFolder(const std::string& folder, absl::string_view node);
std::string TracePath(const std::string& folder, absl::string_view node);
std::string EntriesPath(const std::string& folder, absl::string_view node);
std::string LogFolder(const std::string& folder, absl::string_view node);
// Folder for the segments that a node drops from the front of its log (LogOptions::archive_folder).
// They stay in the recording, because a verdict needs every record; but outside the node's folder.
std::string LogArchiveFolder(const std::string& folder, absl::string_view node);
std::string FinalStatePath(const std::string& folder, absl::string_view node);
std::string ReportPath(const std::string& run);
std::string LagCsvPath(const std::string& run);
std::string PagePath(const std::string& folder);      // report.html, of one recording
std::string ComparePagePath(const std::string& run);  // compare.html, of the runs in it

// Replaces the file atomically (write and rename), so a reader never sees a partial manifest.
absl::Status SaveManifest(const std::string& folder, const proto::Manifest& manifest);
absl::StatusOr<proto::Manifest> ReadManifest(const std::string& folder);

}  // namespace replsim
