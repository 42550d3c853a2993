#include <unistd.h>

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "simulator/choose/failures.h"
#include "simulator/command/choose_command.h"
#include "simulator/command/common_options.h"
#include "simulator/command/subcommands.h"

namespace replsim {
namespace {

CLI::Option* AddText(CLI::App* choose, const char* name, std::string* value, const char* type,
                     const char* description) {
  return choose->add_option(name, *value, description)->type_name(type)->capture_default_str();
}

void AddClusterAndLoad(CLI::App* choose, ChooseCommandOptions* options) {
  ChooseRequest* request = &options->request;
  choose
      ->add_option("--rtt", options->rtt,
                   "Round-trip time from the primary to each replica (default: r1=1ms,r2=1ms, and "
                   "as many replicas as --from names); r1-r2=TIME: between two of them (default: "
                   "the longer of theirs to the primary)")
      ->type_name("r1=TIME,…");
  AddText(choose, "--flush", &request->flush, "TIME", "How long a flush takes on every node");
  AddText(choose, "--rate", &request->rate, "RATE", "Operations offered, reads included");
  AddText(choose, "--reads", &options->reads, "PERCENT", "Share of the operations that are reads");
  AddText(choose, "--read-from", &request->read_from, "NODE",
          "Where reads go: primary, any-replica or a node");
  choose
      ->add_option("--clients", request->clients,
                   "Clients, one operation at a time each (default: as many as the rate needs)")
      ->type_name("N")
      ->check(CLI::Range(1, 100000));
  AddText(choose, "--value-size", &request->value_size, "SIZE", "Size of a value");
  AddText(choose, "--duration", &request->duration, "TIME", "Length of the load of each run");
}

void AddFailureOptions(CLI::App* choose, ChooseRequest* request) {
  choose
      ->add_option("--failures", request->failures,
                   absl::StrCat("Which failures matter (default: all): ",
                                absl::StrJoin(FailureNames(), ", ")))
      ->type_name("NAME,…")
      ->delimiter(',')
      ->check(CLI::IsMember(FailureNames()).description(""));
  AddText(choose, "--promote-after", &request->promote_after, "TIME",
          "When the best replica is promoted after a failure of the primary; with "
          "--set failover.preset=… the nodes elect one instead");
  choose
      ->add_option("--outage", request->outage,
                   "How long a replica hangs, and a partition lasts (default: half the duration)")
      ->type_name("TIME");
  choose->add_option("--tries", request->tries, "Runs per mode and failure")
      ->type_name("N")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  choose->add_option("--repeat", request->repeat, "Runs per mode without a failure")
      ->type_name("N")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  choose->add_option("--set", request->sets, "Set one more setting of every run; may be repeated")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
}

void AddChooseOutputs(CLI::App* choose, ChooseCommandOptions* options) {
  choose->add_option("--jobs", options->jobs, "Processes at once (default: one per processor)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  choose->add_option("--out", options->out, "Folder for the scenarios that lost most")
      ->type_name("FOLDER")
      ->capture_default_str();
  choose->add_option("--json", options->json, "Also write the result as JSON (-: stdout)")
      ->type_name("FILE");
  choose
      ->add_option("--markdown", options->markdown,
                   "Also write the result as Markdown, for a design document (-: stdout)")
      ->type_name("FILE");
  choose
      ->add_option("--html", options->html,
                   "Also write a page with write latency against losses, drawn")
      ->type_name("FILE");
  choose->add_flag("-q,--quiet", options->quiet, "No progress display");
}

}  // namespace

void AddChooseCommand(CLI::App* app, int* status) {
  const auto options = std::make_shared<ChooseCommandOptions>();
  options->jobs = static_cast<int>(std::max(1l, sysconf(_SC_NPROCESSORS_ONLN)));
  options->reads = "20%";
  ChooseRequest& request = options->request;
  request.flush = "1ms";
  request.rate = "1000/s";
  request.read_from = "primary";
  request.value_size = "100";
  request.duration = "1500ms";
  request.promote_after = "500ms";
  request.tries = 4;
  request.repeat = 2;
  CLI::App* choose = app->add_subcommand(
      "choose", "Compare modes on your cluster: cost, and what each failure takes");
  CLI::Option* modes = choose->add_option(
      "modes", options->modes,
      "Presets or families: postgres, mysql, mariadb, mongodb, redis, kafka, replsim, or "
      "postgres:on (default: replsim)");
  modes->type_name("MODE");
  choose
      ->add_option(
          "--from", options->from,
          "Read the mode from postgresql.conf, my.cnf, redis.conf or mongod.conf; say what "
          "it promises and where that differs from what it seems to")
      ->type_name("FILE")
      ->excludes(modes);
  AddClusterAndLoad(choose, options.get());
  AddFailureOptions(choose, &request);
  AddChooseOutputs(choose, options.get());
  AddExamples(choose,
              {"replsim choose postgres --rtt r1=0.8ms,r2=35ms --flush 1.5ms --rate 3000/s",
               "replsim choose redis kafka:acks_all --failures primary-dies --tries 50",
               "replsim choose mysql --set failover.preset=orchestrator --duration 20s",
               "replsim choose --from /etc/postgresql/15/main/postgresql.conf",
               "replsim choose --markdown choice.md --html choice.html"},
              "All runs are in virtual time. Exit status: 0 done, 1 a run violated an invariant\n"
              "or broke a promise of its mode, 2 a row could not be judged.");
  choose->callback([options, status] { *status = ChooseMode(*options); });
}

}  // namespace replsim
