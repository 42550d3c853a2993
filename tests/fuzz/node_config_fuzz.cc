// Any text as a node's configuration file: what parses is refused with a reason or gives the
// options of both roles, and is written and parsed again equal.
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include "common/base/check.h"
#include "common/config/disk_convert.h"
#include "primary/config/primary_options.h"
#include "replica/config/replica_options.h"
#include "simulator/scenario/presets.h"
#include "tests/fuzz/fuzz.h"

namespace replsim {
namespace {

using google::protobuf::TextFormat;

// Mistakes go to stderr, once per input, unless a collector is installed.
class Silent : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int, int, const std::string&) override {}
};

bool Parse(const std::string& text, proto::NodeConfig* config) {
  Silent silent;
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&silent);
  return parser.ParseFromString(text, config);
}

}  // namespace

void FuzzOne(absl::string_view input) {
  proto::NodeConfig config;
  if (!Parse(std::string(input), &config)) return;
  for (const absl::Status& status :
       {ToPrimaryOptions(config).status(), ToReplicaOptions(config).status()}) {
    REPL_CHECK(status.ok() || !status.message().empty());
  }
  ToLogOptions(config.durability(), /*truncate_corruption=*/false);
  std::string text;
  REPL_CHECK(TextFormat::PrintToString(config, &text));
  proto::NodeConfig again;
  REPL_CHECK(Parse(text, &again), text);
  std::string text_again;
  REPL_CHECK(TextFormat::PrintToString(again, &text_again));
  REPL_CHECK(text_again == text, text, "\n", text_again);
}

std::vector<std::string> FuzzSeeds() {
  proto::NodeConfig config;
  config.set_id("r1");
  config.set_data_dir("nodes/r1");
  config.add_nodes("p");
  config.add_nodes("r1");
  config.set_primary("p");
  config.set_record(true);
  (*config.mutable_peers())["p"] = "127.0.0.1:1";
  config.mutable_heartbeat()->mutable_interval()->set_ns(100'000'000);
  config.mutable_heartbeat()->mutable_timeout()->set_ns(1'000'000'000);
  config.mutable_durability()->set_sync(proto::EVERY_BATCH);
  config.mutable_durability()->set_io(proto::THREAD);
  config.mutable_durability()->set_on_fsync_error(proto::STOP);
  std::vector<std::string> seeds;
  for (const Preset& preset : Presets()) {
    *config.mutable_replication() = preset.knobs;
    config.mutable_failover()->set_drain(proto::APPLY_FIRST);
    config.mutable_failover()->set_take_over(preset.failover.take_over());
    REPL_CHECK(TextFormat::PrintToString(config, &seeds.emplace_back()));
  }
  return seeds;
}

}  // namespace replsim
