// Where the parts of a recording lie. A run is OUT/<scenario>/<time>/, with OUT/<scenario>/latest
// pointing at the newest; with one variant, run once, the recording lies there directly, else each
// has a folder of its own below it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "protos/recording.pb.h"

namespace replsim {

// A variant's or scenario's name as a file name: what is not a letter, digit, '.', '_', '-', '=' or
// ',' becomes '-'. Never empty, never hidden.
std::string FileSafeName(absl::string_view name);

// Makes OUT/<scenario>/<time> (…-2, -3 where that exists) and points `latest` at it. Its path.
absl::StatusOr<std::string> CreateRunFolder(const std::string& out, absl::string_view scenario,
                                            absl::string_view time);
// Makes the folder of one variant, with nodes/ and final/ in it: the run's own folder if `only`.
// Two variants whose file names would be the same get different ones.
absl::StatusOr<std::string> CreateVariantFolder(const std::string& run, absl::string_view variant,
                                                bool only);
// The same of a variant's run number `repeat`, from 1: `<variant>-repeat-3`, `repeat-3` if it is
// the only variant.
absl::StatusOr<std::string> CreateRepeatFolder(const std::string& run, absl::string_view variant,
                                               bool only, uint32_t repeat);

// The folders of `run` that hold a recording: itself, or those below it in the order of their
// repeats, and of one repeat in that of their manifests' beginnings. NotFound where there is none.
absl::StatusOr<std::vector<std::string>> ListRecordings(const std::string& run);

std::string ManifestPath(const std::string& folder);
std::string HistoryPath(const std::string& folder);
std::string EventsPath(const std::string& folder);
std::string ScenarioPath(const std::string& folder);
std::string NodeFolder(const std::string& folder, absl::string_view node);
std::string TracePath(const std::string& folder, absl::string_view node);
std::string LogFolder(const std::string& folder, absl::string_view node);
// For the segments that a node drops from the front of its log (LogOptions::archive_folder): a
// verdict needs every record, so they stay in the recording, outside the node's folder.
std::string LogArchiveFolder(const std::string& folder, absl::string_view node);
std::string FinalStatePath(const std::string& folder, absl::string_view node);
std::string ReportPath(const std::string& run);
std::string LagCsvPath(const std::string& run);
std::string PagePath(const std::string& folder);      // report.html, of one recording
std::string ComparePagePath(const std::string& run);  // compare.html, of the runs in it

// Replaces the file in one step, so that a reader never sees half a manifest.
absl::Status SaveManifest(const std::string& folder, const proto::Manifest& manifest);
absl::StatusOr<proto::Manifest> ReadManifest(const std::string& folder);

}  // namespace replsim
