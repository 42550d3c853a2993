#include "simulator/analysis/writes/explained_write.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "simulator/analysis/writes/fates.h"

namespace replsim {
namespace {

std::string FateOf(const KnownWrites& evidence, const WriteRef& write) {
  if (write.operation == nullptr) return "never answered, in the final log";
  const auto index = static_cast<size_t>(write.operation - evidence.recording.operations.data());
  return Name(evidence.fates.of[index]);
}

std::string Heading(const KnownWrites& evidence, const WriteRef& write) {
  const uint32_t key = write.operation != nullptr ? write.operation->key : write.entry->key;
  const uint64_t client =
      write.operation != nullptr ? write.operation->client : write.entry->client;
  const uint64_t sequence =
      write.operation != nullptr ? write.operation->sequence : write.entry->sequence;
  return absl::StrCat(write.epoch, ":", write.lsn, " key ", KeyName(key), " · client ", client,
                      " request ", sequence, " · ", FateOf(evidence, write));
}

std::string Elsewhere(const WriteRef& write) {
  if (write.entry == nullptr) return "";
  if (write.entry->epoch == write.epoch && write.entry->lsn == write.lsn) return "";
  return absl::StrCat("position in the final log: ", write.entry->epoch, ":", write.entry->lsn);
}

}  // namespace

ExplainedWrite Explain(const KnownWrites& evidence, const WriteRef& write) {
  ExplainedWrite explained;
  explained.heading = Heading(evidence, write);
  explained.elsewhere = Elsewhere(write);
  explained.life = LifeOf(evidence.recording, evidence.leadership_history, write);
  const std::vector<Moment>& life = explained.life;
  const auto invoke = std::find_if(life.begin(), life.end(), [](const Moment& moment) {
    return moment.kind == Moment::Kind::kInvoke;
  });
  if (!life.empty()) explained.origin_ns = (invoke == life.end() ? life.begin() : invoke)->time_ns;
  explained.origin_s =
      static_cast<double>(explained.origin_ns - evidence.recording.manifest.load_begin_ns()) / 1e9;
  explained.waits = CriticalPathOf(evidence.recording, life);
  explained.lost = FateOf(evidence, write) == Name(Fate::kAckedLost);
  const proto::RunReport::LostWrite& lost = evidence.fates.writes.first_lost();
  if (evidence.fates.first_lost && lost.epoch() == write.epoch && lost.lsn() == write.lsn) {
    explained.loss = lost.explanation();
  }
  return explained;
}

}  // namespace replsim
