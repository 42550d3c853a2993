#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/suggest.h"
#include "protos/scenario.pb.h"
#include "simulator/command/check_command.h"
#include "simulator/command/common_options.h"
#include "simulator/command/exit_status.h"
#include "simulator/command/subcommands.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

using history::Format;
using history::Model;
using judge::Guarantee;

// Limit of --versions. Larger numbers, and negative ones, are no bounds that anyone means.
constexpr uint64_t kMostVersions = 1'000'000'000'000;

const std::map<std::string, Format> kFormats = {
    {"auto", Format::kAuto},   {"jepsen", Format::kJepsen}, {"jepsen-log", Format::kJepsenLog},
    {"kv", Format::kKv},       {"json", Format::kJson},     {"plume", Format::kPlume},
    {"awdit", Format::kAwdit}, {"dbcop", Format::kDbcop},
};
const std::map<std::string, Model> kModels = {
    {"register", Model::kRegister},
    {"cas-register", Model::kRegister},
    {"mutex", Model::kRegister},
    {"kv-append", Model::kKvAppend},
    {"multi-register", Model::kMultiRegister},
    {"transactions", Model::kTransactions},
    {"rw-register", Model::kTransactions},
    {"list-append", Model::kListAppend},
    {"bank", Model::kBank},
    {"set", Model::kSet},
    {"long-fork", Model::kLongFork},
};
std::map<std::string, Guarantee> Guarantees() {
  std::map<std::string, Guarantee> names;
  for (const Guarantee guarantee :
       {Guarantee::kStrictSerializable, Guarantee::kLinearizable, Guarantee::kBoundedStaleness,
        Guarantee::kSequential, Guarantee::kCausal, Guarantee::kConsistentPrefix,
        Guarantee::kReadAtomic, Guarantee::kReadCommitted, Guarantee::kReadYourWrites,
        Guarantee::kMonotonicReads, Guarantee::kMonotonicWrites, Guarantee::kWritesFollowReads,
        Guarantee::kBank, Guarantee::kSet, Guarantee::kNoLongFork}) {
    names[judge::NameOf(guarantee)] = guarantee;
  }
  return names;
}

// Option values that CLI11 reads as text; Convert parses them.
struct Texts {
  std::string format = "auto";
  std::string model;
  std::string initial;
  std::string fail;
  std::string nil;
  std::string writes = "time";
  std::string staleness;
  std::string clock_error = "0ms";
  std::string time_limit = "60s";
  std::string memory = "1GiB";
  std::vector<std::string> guarantees;
};

template <typename T>
CLI::Validator OneOf(const std::map<std::string, T>& words) {
  std::vector<std::string> names;
  for (const auto& [name, value] : words) names.push_back(name);
  // The help lists the words in a sentence, because a set would be too wide.
  return CLI::Validator(
      [names](const std::string& word) -> std::string {
        if (std::find(names.begin(), names.end(), word) != names.end()) return "";
        return absl::StrCat("unknown '", word, "'", Suggest(word, names));
      },
      "");
}

absl::Status Convert(const Texts& texts, CheckOptions* options) {
  options->read.format = kFormats.at(texts.format);
  if (!texts.model.empty()) options->read.model = kModels.at(texts.model);
  options->read.is_mutex = texts.model == "mutex";
  if (!texts.initial.empty() && texts.initial != "nil") options->read.initial = texts.initial;
  if (!texts.fail.empty()) options->read.failed_cas_is_answer = texts.fail == "answered";
  if (!texts.nil.empty()) options->read.nil_is_empty = texts.nil == "empty";
  for (const std::string& name : texts.guarantees) {
    options->guarantees.push_back(Guarantees().at(name));
  }
  options->terms.writes =
      texts.writes == "clients" ? judge::WritesInOrder::kOfClients : judge::WritesInOrder::kOfTime;
  const auto clock_error = ParseDuration(texts.clock_error);
  if (!clock_error.ok()) return clock_error.status();
  const auto time_limit = ParseDuration(texts.time_limit);
  if (!time_limit.ok()) return time_limit.status();
  const auto memory = ParseSize(texts.memory);
  if (!memory.ok()) return memory.status();
  if (!texts.staleness.empty()) {
    const auto staleness = ParseDuration(texts.staleness);
    if (!staleness.ok()) return staleness.status();
    options->terms.staleness = static_cast<int64_t>(staleness->ns());
  }
  const bool is_bounded = options->terms.staleness || options->terms.versions;
  const auto& asked = options->guarantees;
  const bool asks =
      std::find(asked.begin(), asked.end(), Guarantee::kBoundedStaleness) != asked.end();
  if (asks && !is_bounded) {
    return absl::InvalidArgumentError(
        "--for bounded-staleness needs a bound: --staleness 100ms, --versions 1, or both");
  }
  options->clock_error_ns = static_cast<int64_t>(clock_error->ns());
  options->time_limit_s = static_cast<double>(time_limit->ns()) / 1e9;
  options->memory_bytes = memory->bytes();
  return absl::OkStatus();
}

}  // namespace

void AddExportCommand(CLI::App* app, int* status) {
  const auto options = std::make_shared<ExportOptions>();
  const auto format = std::make_shared<std::string>();
  CLI::App* command = app->add_subcommand(
      "export", "Write the history of a run for another tool, to stdout: Jepsen's, Porcupine's, …");
  command->add_option("run", options->folder, "The run folder, or that of one recording in it")
      ->type_name("FOLDER")
      ->required();
  command
      ->add_option("--to", *format,
                   "jepsen: EDN; kv: Porcupine's key-value file; plume and dbcop: their texts")
      ->type_name("FORMAT")
      ->required()
      ->check(CLI::IsMember({"jepsen", "kv", "plume", "dbcop"}));
  command->add_option("--variant", options->variant, "The variant, if the run has several")
      ->type_name("NAME");
  command->add_option("--repeat", options->repeat, "The repetition (default: the first)")
      ->type_name("N")
      ->check(CLI::Range(1, 10000));
  AddExamples(command,
              {"replsim export --to jepsen runs/quickstart/latest --variant sync >history.edn",
               "replsim export --to kv runs/quickstart/latest --variant async >history.txt"});
  command->callback([options, format, status] {
    options->format = kFormats.at(*format);
    *status = Export(*options);
  });
}

void AddCheckCommand(CLI::App* app, int* status) {
  const auto options = std::make_shared<CheckOptions>();
  const auto texts = std::make_shared<Texts>();
  CLI::App* check = app->add_subcommand(
      "check", "Judge the history of any system: is it linearizable, causal, …?");
  check
      ->add_option("history", options->paths, "History files (-: stdin), or run folders of replsim")
      ->type_name("FILE|FOLDER")
      ->required();
  check
      ->add_option(
          "--for", texts->guarantees,
          "What must hold, separated by commas: linearizable, bounded-staleness, sequential, "
          "consistent-prefix, read-your-writes, monotonic-reads, monotonic-writes, "
          "writes-follow-reads, strict-serializable, causal, read-atomic, read-committed, bank, "
          "set, no-long-fork "
          "(default: all that a history can show)")
      ->type_name("GUARANTEE")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(OneOf(Guarantees()));
  check
      ->add_option("--format", texts->format,
                   "The format of the files: jepsen, json, jepsen-log, kv, plume, awdit, dbcop "
                   "(default: found)")
      ->type_name("FORMAT")
      ->check(OneOf(kFormats));
  check
      ->add_option(
          "--model", texts->model,
          "What the operations do: register (with compare-and-set), mutex, kv-append, "
          "multi-register, transactions, list-append, bank, set, long-fork (default: found from "
          "their names)")
      ->type_name("MODEL")
      ->check(OneOf(kModels));
  check->add_option("--init", texts->initial, "The value of every register before its first write")
      ->type_name("VALUE");
  check
      ->add_option("--fail", texts->fail,
                   "What a failed compare-and-set says: answered: the value was another one; "
                   "no-op: nothing (default: as the format has it)")
      ->type_name("WHAT")
      ->check(CLI::IsMember({"answered", "no-op"}));
  check
      ->add_option("--nil", texts->nil,
                   "What a read of nil says: empty: nothing was there; unknown: nothing "
                   "(default: as the format has it)")
      ->type_name("WHAT")
      ->check(CLI::IsMember({"empty", "unknown"}));
  check
      ->add_option("--writes-in-order-of", texts->writes,
                   "In which order a key's writes took effect, for read-your-writes and the like: "
                   "time: those that did not overlap in the order of time; clients: only each "
                   "client's in its order (default: time)")
      ->type_name("WHAT")
      ->check(CLI::IsMember({"time", "clients"}));
  check
      ->add_option(
          "--staleness", texts->staleness,
          "bounded-staleness: every read is linearizable if it may begin this much earlier")
      ->type_name("DURATION");
  check
      ->add_option("--versions", options->terms.versions,
                   "bounded-staleness: no read misses more than this many newer writes")
      ->type_name("N")
      ->check(CLI::Range(uint64_t{0}, kMostVersions).description(""));
  check
      ->add_option("--clock-error", texts->clock_error,
                   "By how much the clocks of two clients may differ (default: 0ms)")
      ->type_name("DURATION");
  check
      ->add_option("--time-limit", texts->time_limit,
                   "Answer 'unknown' after this time, of all files together (default: 60s)")
      ->type_name("DURATION");
  check
      ->add_option("--memory", texts->memory,
                   "Answer 'unknown' where a search needs more (default: 1GiB)")
      ->type_name("BYTES");
  check->add_option("--json", options->json, "Also write the verdicts as JSON (-: stdout)")
      ->type_name("FILE");
  check->add_option("--junit", options->junit, "Also write the verdicts as JUnit XML")
      ->type_name("FILE");
  check
      ->add_option("--html", options->html,
                   "Also write a page with the verdicts, and the witness of each violation, drawn")
      ->type_name("FILE");
  check->add_flag("-q,--quiet", options->quiet, "One line a file: FILE, tab, yes, no or unknown");
  AddExamples(check,
              {"replsim check history.edn", "replsim check runs/quickstart/latest",
               "replsim check --init 0 store/latest/history.edn",
               "replsim check --html check.html history.edn",
               "replsim check -q --for linearizable logs/*.log"},
              "Exit status: 0 every guarantee holds, 1 one does not, 2 one could not be judged,\n"
              "64 a file cannot be read.");
  check->callback([options, texts, status] {
    const absl::Status converted = Convert(*texts, options.get());
    *status = converted.ok() ? Check(*options) : UsageError(converted);
  });
}

}  // namespace replsim
