#include "simulator/explore/draw.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/rng.h"
#include "simulator/explore/draw_core.h"
#include "simulator/explore/draw_elections.h"
#include "simulator/explore/draw_faults.h"
#include "simulator/explore/draw_storm.h"
#include "simulator/explore/every_io.h"
#include "simulator/scenario/enum_words.h"
#include "simulator/scenario/units.h"
#include "simulator/scenario/write_share.h"
#include "simulator/scenario/write_yaml.h"

namespace replsim {
namespace {

std::string Word(const google::protobuf::EnumDescriptor* type, int value) {
  return WordOf(*type->FindValueByNumber(value));
}

// A factor from one half to two; halving is as likely as doubling.
double Factor(Rng& rng) { return std::exp2(2 * rng.Unit() - 1); }

void DrawLoad(Rng rng, proto::Workload* load, std::vector<std::string>* numbers) {
  if (rng.Chance(0.5)) {
    const uint32_t before = load->clients();
    load->set_clients(std::max(1u, static_cast<uint32_t>(before * Factor(rng))));
    numbers->push_back(absl::StrCat("clients ", load->clients(), " (", before, ")"));
  }
  if (load->arrival().has_rate() && rng.Chance(0.5)) {
    proto::Rate* rate = load->mutable_arrival()->mutable_rate();
    const std::string before = ToText(*rate);
    // Rounds to whole numbers where these are precise enough: 812/s, but 0.7/s.
    const double drawn = rate->per_second() * Factor(rng);
    rate->set_per_second(drawn < 10 ? drawn : std::round(drawn));
    numbers->push_back(absl::StrCat("rate ", ToText(*rate), " (", before, ")"));
  }
}

// Draws how clients wait, if the scenario's clients do more than wait for one answer.
void DrawWaiting(Rng rng, proto::Workload* load, std::vector<std::string>* numbers) {
  if (load->style() != proto::BLOCKING && rng.Chance(0.5)) {
    load->set_style(static_cast<proto::Style>(proto::BLOCKING + rng.Below(3)));
    if (load->style() == proto::BLOCKING) load->clear_depth();
    if (load->style() != proto::TICKET) {
      load->clear_poll();
      load->clear_watch();
    } else if (!load->has_poll() && !load->watch()) {
      load->mutable_poll()->set_ns(50'000'000);
    }
    numbers->push_back(absl::StrCat("style ", Word(proto::Style_descriptor(), load->style())));
  }
  if (load->retry() != proto::NO_RETRY && rng.Chance(0.5)) {
    load->set_retry(static_cast<proto::Retry>(proto::NO_RETRY + rng.Below(3)));
    numbers->push_back(absl::StrCat("retry ", Word(proto::Retry_descriptor(), load->retry())));
  }
}

// Rounds to whole microseconds, for readability.
void Scale(double factor, proto::Duration* duration) {
  duration->set_ns(std::llround(factor * static_cast<double>(duration->ns()) / 1e3) * 1'000);
}

// Keeps the shape of the distribution and scales its times.
void Scale(double factor, proto::Delay* delay) {
  if (delay->has_uniform()) {
    Scale(factor, delay->mutable_uniform()->mutable_min());
    Scale(factor, delay->mutable_uniform()->mutable_max());
  }
  if (delay->has_normal()) {
    Scale(factor, delay->mutable_normal()->mutable_mean());
    Scale(factor, delay->mutable_normal()->mutable_deviation());
  }
  if (delay->has_exponential()) Scale(factor, delay->mutable_exponential()->mutable_mean());
  if (delay->has_pareto()) Scale(factor, delay->mutable_pareto()->mutable_min());
  for (proto::Delay::Quantile& quantile : *delay->mutable_quantiles()) {
    Scale(factor, quantile.mutable_is());
  }
  if (delay->has_plus()) Scale(factor, delay->mutable_plus());
  for (proto::Delay& part : *delay->mutable_mixture()) Scale(factor, &part);
}

// An election whose timeouts are below a round trip never ends.
void SlowElections(double factor, proto::Failover* failover) {
  if (!failover->has_suspect_after()) return;
  Scale(factor, failover->mutable_suspect_after());
  Scale(factor, failover->mutable_stand_delay());
  if (failover->has_lose_lead()) Scale(factor, failover->mutable_lose_lead()->mutable_for_());
}

void DrawNetwork(Rng rng, proto::Scenario* scenario, std::vector<std::string>* numbers) {
  if (scenario->network().empty() || !rng.Chance(0.5)) return;
  const double factor = Factor(rng);
  for (proto::Link& link : *scenario->mutable_network()) {
    if (link.has_delay()) Scale(factor, link.mutable_delay());
  }
  if (factor > 1) SlowElections(factor, scenario->mutable_failover());
  numbers->push_back(
      absl::StrCat("network delays multiplied by ", ToText(std::round(factor * 1e3) / 1e3)));
}

// Draws only knobs that are valid for the scenario's mode and that do not weaken its promise.
void DrawKnobs(Rng rng, proto::Scenario* scenario, std::vector<std::string>* numbers) {
  proto::ReplicationSpec* spec = scenario->mutable_replication();
  const bool flushes = scenario->cluster().durability().sync() != proto::OS;
  if (spec->order() == proto::PRIMARY_FIRST) {
    const int stages = flushes ? 3 : 2;  // append, write, flush
    const auto stage = rng.Below(static_cast<uint64_t>(stages));
    spec->set_send_after(static_cast<proto::AckStage>(proto::APPEND + static_cast<int>(stage)));
    numbers->push_back(
        absl::StrCat("send_after ", Word(proto::AckStage_descriptor(), spec->send_after())));
  }
  spec->set_serialize_keys(rng.Chance(0.5));
  numbers->push_back(absl::StrCat("serialize_keys ", spec->serialize_keys() ? "true" : "false"));
  if (rng.Chance(0.5)) scenario->mutable_failover()->set_take_over(proto::OWN_RECORD);
  numbers->push_back(absl::StrCat(
      "take_over ", Word(proto::TakeOver_descriptor(), scenario->failover().take_over())));
}

// Sometimes turns half of the puts into transactions.
void DrawMix(Rng rng, proto::Workload* load, std::vector<std::string>* numbers) {
  constexpr uint64_t kLargestValue = 10'000;
  const double puts = load->mix().write();
  const auto keys = static_cast<uint32_t>(2 + rng.Below(3));
  const bool only_puts = puts > 0 && puts == WriteWeight(load->mix());
  const bool fits = load->keys().count() >= keys && load->value_bytes().bytes() <= kLargestValue;
  if (!rng.Chance(0.3) || !only_puts || !fits || load->style() == proto::TICKET) return;
  load->mutable_mix()->set_write(puts / 2);
  load->mutable_mix()->set_transaction(puts / 2);
  load->set_transaction_keys(keys);
  numbers->push_back(absl::StrCat("half of the puts are transactions of ", keys, " keys"));
}

}  // namespace

Drawn Draw(const proto::Scenario& base, uint64_t seed, const DrawOptions& options) {
  if (options.every_io) return {WithCrash(base, seed), {}};
  const Rng rng(seed);
  Drawn drawn;
  drawn.scenario = base;
  drawn.scenario.set_seed(seed);
  drawn.scenario.clear_expect();
  DrawLoad(rng.Fork("explore load"), drawn.scenario.mutable_workload(), &drawn.numbers);
  DrawWaiting(rng.Fork("explore waiting"), drawn.scenario.mutable_workload(), &drawn.numbers);
  DrawNetwork(rng.Fork("explore network"), &drawn.scenario, &drawn.numbers);

  if (options.storm) DrawCluster(rng.Fork("explore cluster"), &drawn.scenario, &drawn.numbers);
  if (options.knobs) {
    DrawKnobs(rng.Fork("explore knobs"), &drawn.scenario, &drawn.numbers);
    DrawMix(rng.Fork("explore mix"), drawn.scenario.mutable_workload(), &drawn.numbers);
  }
  if (options.storm || options.knobs) {
    DrawElections(rng.Fork("explore elections"), &drawn.scenario, &drawn.numbers);
  }
  DrawClocks(rng.Fork("explore clocks"), &drawn.scenario, &drawn.numbers);

  Rng faults = rng.Fork("explore faults");
  const std::vector<DrawnKind> kinds = DrawKinds(AllowedKinds(base), faults);
  const bool careful = faults.Chance(0.75);
  *drawn.scenario.mutable_faults() = DrawFaults(drawn.scenario, kinds, careful, faults);
  if (options.storm) {
    AddStorm(rng.Fork("explore storm"), &drawn.scenario);
    Rng core = rng.Fork("explore core");
    if (core.Chance(0.5)) drawn.healing = EndWithCore(core, &drawn.scenario);
    if (drawn.healing > 0) {
      drawn.numbers.push_back(
          absl::StrCat("the last ", drawn.healing,
                       " faults heal a sufficient core, in which writes must go on"));
    }
  }
  const auto name = [](std::string* out, const DrawnKind& kind) { out->append(Name(kind)); };
  drawn.numbers.push_back(absl::StrCat("kinds of fault: ", absl::StrJoin(kinds, ", ", name),
                                       careful ? "; promotes only after a node died" : ""));
  return drawn;
}

std::string FaultLines(const proto::Scenario& scenario) {
  proto::Scenario only;
  *only.mutable_faults() = scenario.faults();
  const std::string yaml = WriteYaml(only);
  return yaml.empty() ? yaml : yaml.substr(yaml.find('\n') + 1);
}

}  // namespace replsim
