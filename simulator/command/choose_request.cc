#include "simulator/command/choose_request.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/base/status.h"
#include "common/file/input_file.h"
#include "simulator/choose/config/reading.h"
#include "simulator/choose/failures.h"
#include "simulator/metrics/format.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

absl::Status Annotated(const char* flag, const absl::Status& status) {
  return absl::InvalidArgumentError(absl::StrCat(flag, " ", status.message()));
}

// Checks one text that goes into every scenario.
template <class T>
absl::Status CheckText(const char* flag, const std::string& text,
                       absl::StatusOr<T> (*parse)(absl::string_view)) {
  const absl::StatusOr<T> parsed = parse(text);
  return parsed.ok() ? absl::OkStatus() : Annotated(flag, parsed.status());
}

absl::StatusOr<double> ParsePercent(absl::string_view text) {
  double percent = 0;
  absl::string_view number = text;
  absl::ConsumeSuffix(&number, "%");
  if (!absl::SimpleAtod(number, &percent) || !(percent >= 0 && percent < 100)) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "': expected 0% to 99%, for example 20%"));
  }
  return percent;
}

// 1 ms to each replica, and at least two of them. The parser refuses too many.
std::string DefaultRtt(uint32_t replicas) {
  std::string text = "r1=1ms,r2=1ms";
  for (uint32_t i = 3; i <= std::min(replicas, 17u); ++i) absl::StrAppend(&text, ",r", i, "=1ms");
  return text;
}

// Adds the modes of the configuration to the request. Returns what it says, one line each.
absl::StatusOr<std::vector<std::string>> AddConfiguration(const std::string& path,
                                                          ChooseRequest* request) {
  constexpr uint64_t kMostConfigBytes = uint64_t{1} << 20;
  REPL_ASSIGN_OR_RETURN(const std::string text, ReadInputFile(path, kMostConfigBytes));
  REPL_ASSIGN_OR_RETURN(const ConfigReading reading, ReadConfiguration(text, path));
  request->modes = {reading.mode};
  for (const std::string& mode : reading.compared) {
    if (mode != reading.mode) request->modes.push_back(mode);
  }
  request->mode_sets = reading.sets;
  if (request->rtt.empty()) request->rtt = DefaultRtt(reading.replicas);
  std::string means = absl::StrCat(path, ": this configuration is ", reading.mode);
  if (const auto sets = reading.sets.find(reading.mode); sets != reading.sets.end()) {
    absl::StrAppend(&means, " with ", absl::StrJoin(sets->second, ", "));
  }
  std::vector<std::string> lines = {means};
  for (const ConfigFinding& finding : reading.findings) {
    lines.push_back(absl::StrCat(finding.place, ": ", finding.text));
  }
  return lines;
}

// Checks the times against the length of the load, and fills in the outage.
absl::Status SetTimes(ChooseRequest* request) {
  const int64_t load_ns = ParseDuration(request->duration)->ns();
  if (ParseDuration(request->promote_after)->ns() >= load_ns / 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("--promote-after ", request->promote_after,
                     " is too long: a failure happens up to the middle of the load, so it must be "
                     "below half of --duration ",
                     request->duration));
  }
  if (request->outage.empty()) {
    proto::Duration half;
    half.set_ns(load_ns / 2);
    request->outage = ToText(half);
  } else {
    REPL_RETURN_IF_ERROR(CheckText("--outage", request->outage, ParseDuration));
  }
  return absl::OkStatus();
}

// All failures, or the given ones, each once.
std::vector<std::string> FailuresOf(const std::vector<std::string>& given) {
  if (given.empty()) return FailureNames();
  std::vector<std::string> failures;
  for (const std::string& name : given) {
    if (std::find(failures.begin(), failures.end(), name) == failures.end()) {
      failures.push_back(name);
    }
  }
  return failures;
}

std::string ModesText(const ChooseCommandOptions& options) {
  if (!options.from.empty()) return absl::StrCat("--from ", options.from, " ");
  return options.modes.empty() ? "" : absl::StrCat(absl::StrJoin(options.modes, " "), " ");
}

}  // namespace

absl::StatusOr<ChooseRequest> ToRequest(const ChooseCommandOptions& options,
                                        std::vector<std::string>* findings) {
  ChooseRequest request = options.request;
  request.rtt = options.rtt;
  if (options.from.empty()) {
    REPL_ASSIGN_OR_RETURN(request.modes, ExpandModes(options.modes));
  } else {
    REPL_ASSIGN_OR_RETURN(*findings, AddConfiguration(options.from, &request));
  }
  if (request.rtt.empty()) request.rtt = DefaultRtt(0);
  absl::StatusOr<std::vector<RoundTrip>> round_trips = ParseRoundTrips(request.rtt);
  if (!round_trips.ok()) return Annotated("--rtt", round_trips.status());
  const absl::StatusOr<double> reads = ParsePercent(options.reads);
  if (!reads.ok()) return Annotated("--reads", reads.status());
  for (const absl::Status& status :
       {CheckText("--flush", request.flush, ParseDuration),
        CheckText("--rate", request.rate, ParseRate),
        CheckText("--value-size", request.value_size, ParseSize),
        CheckText("--duration", request.duration, ParseDuration),
        CheckText("--promote-after", request.promote_after, ParseDuration)}) {
    if (!status.ok()) return status;
  }
  request.round_trips = *std::move(round_trips);
  request.read_percent = *reads;
  REPL_RETURN_IF_ERROR(SetTimes(&request));
  request.failures = FailuresOf(request.failures);
  return request;
}

std::string ChooseAgain(const ChooseCommandOptions& options, const ChooseRequest& request) {
  std::string command =
      absl::StrCat("replsim choose ", ModesText(options), "--rtt ", request.rtt, " --flush ",
                   request.flush, " --rate ", request.rate, " --reads ", options.reads);
  absl::StrAppend(&command, " --clients ", ClientsOf(request), " --value-size ", request.value_size,
                  " --duration ", request.duration);
  if (request.read_from != "primary") absl::StrAppend(&command, " --read-from ", request.read_from);
  if (request.failures.size() < FailureNames().size()) {
    absl::StrAppend(&command, " --failures ", absl::StrJoin(request.failures, ","));
  }
  absl::StrAppend(&command, " --promote-after ", request.promote_after, " --outage ",
                  request.outage, " --tries ", request.tries, " --repeat ", request.repeat);
  for (const std::string& set : request.sets) absl::StrAppend(&command, " --set '", set, "'");
  return command;
}

std::vector<std::string> QuestionOf(const ChooseRequest& request) {
  std::vector<std::string> trips;
  for (const RoundTrip& trip : request.round_trips) {
    if (trip.a == "p") trips.push_back(absl::StrCat(trip.b, " ", trip.rtt));
  }
  std::vector<std::string> lines = {
      absl::StrCat("round trip to the primary: ", absl::StrJoin(trips, ", "), " · a flush takes ",
                   request.flush),
      absl::StrCat(request.rate, " offered by ", Counted(ClientsOf(request), "client"), " for ",
                   request.duration, ", ", request.read_percent, " % reads from ",
                   request.read_from, ", values of ",
                   BytesText(static_cast<double>(ParseSize(request.value_size)->bytes()))),
      absl::StrCat("the best replica is promoted ", request.promote_after,
                   " after the primary has failed, unless the nodes elect one"),
      absl::StrCat("a replica hangs for ", request.outage, ", and a partition lasts as long")};
  for (const std::string& set : request.sets) lines.push_back(absl::StrCat("--set ", set));
  return lines;
}

}  // namespace replsim
