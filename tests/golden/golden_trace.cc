#include "tests/golden/golden_trace.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace replsim {
namespace {

const char* Spell(Refused why) {
  switch (why) {
    case Refused::kNone:
      return "";
    case Refused::kFenced:
      return "fenced";
    case Refused::kNotPrimary:
      return "not the primary";
    case Refused::kSyncSetMissing:
      return "sync set missing";
    case Refused::kGateTimeout:
      return "gate timeout";
    case Refused::kOverloaded:
      return "overloaded";
    case Refused::kNodeStopped:
      return "node stopped";
    case Refused::kDiverged:
      return "diverged";
    case Refused::kDiskFull:
      return "disk full";
    case Refused::kSuperseded:
      return "superseded";
  }
  return "?";
}

const char* Spell(WriteOutcome outcome) {
  switch (outcome) {
    case WriteOutcome::kCommitted:
      return "committed";
    case WriteOutcome::kRejected:
      return "rejected";
    case WriteOutcome::kUnknown:
      return "unknown";
    case WriteOutcome::kPending:
      return "pending";
    case WriteOutcome::kLost:
      return "lost";
  }
  return "?";
}

std::string Range(Lsn first, Lsn last) {
  return first == last ? absl::StrCat(first.value())
                       : absl::StrCat(first.value(), "-", last.value());
}
std::string Range(const RecordBatch& batch) { return Range(batch.first, batch.last); }

std::string History(const EpochHistory& history) {
  std::string out;
  for (const EpochStart& s : history.starts()) {
    absl::StrAppend(&out, out.empty() ? "" : " ", s.epoch.value(), "@", s.start.value());
  }
  return absl::StrCat("[", out, "]");
}

struct SpellMessage {
  std::string operator()(const Hello& m) const {
    return absl::StrCat("hello epoch ", m.epoch.value(), " ", History(m.history), " last ",
                        m.last.value());
  }
  std::string operator()(const Welcome& m) const {
    std::string prompt;
    for (const Stage stage : m.prompt_stages) absl::StrAppend(&prompt, ", prompt ", Name(stage));
    return absl::StrCat("welcome epoch ", m.epoch.value(), " ", History(m.history),
                        " resume after ", m.resume_after.value(), ", commit ", m.commit.value(),
                        prompt);
  }
  std::string operator()(const Append& m) const {
    return absl::StrCat(m.batch == nullptr ? "heartbeat" : absl::StrCat("append ", Range(*m.batch)),
                        ", commit ", m.commit.value());
  }
  std::string operator()(const Ack& m) const {
    return absl::StrCat("ack receive ", m.receive.value(), " write ", m.write.value(), " flush ",
                        m.flush.value(), " apply ", m.apply.value());
  }
  std::string operator()(const Refusal& m) const {
    return absl::StrCat("refusal epoch ", m.epoch.value());
  }
};

struct SpellOne {
  CoreHarness& cluster;
  const std::string& node;

  std::string operator()(const AppendLog& e) const {
    const char* flush = e.flush == FlushMode::kNone    ? ""
                        : e.flush == FlushMode::kGroup ? ", flush"
                                                       : ", flush alone";
    return absl::StrCat("log ", Range(*e.batch), flush);
  }
  std::string operator()(const FlushLog&) const { return "flush"; }
  std::string operator()(const TruncateLog& e) const {
    return absl::StrCat("cut log back to ", e.last.value());
  }
  std::string operator()(const ReadRecords& e) const {
    return absl::StrCat("read log from ", e.from.value(), " for ", cluster.PeerOf(node, e.stream));
  }
  std::string operator()(const SaveEpoch& e) const {
    return absl::StrCat("save epoch ", e.epoch.value(), " ", History(e.history));
  }
  std::string operator()(const ApplyRecords& e) const {
    return absl::StrCat("apply ", Range(e.first, e.last),
                        e.batch == nullptr ? " from the log" : "");
  }
  std::string operator()(const Dial& e) const { return absl::StrCat("dial ", e.primary.name()); }
  std::string operator()(const Send& e) const {
    return absl::StrCat("to ", cluster.PeerOf(node, e.stream), ": ",
                        std::visit(SpellMessage(), e.message));
  }
  std::string operator()(const CloseStream& e) const {
    return absl::StrCat("close the stream to ", cluster.PeerOf(node, e.stream));
  }
  std::string operator()(const AskPeer& e) const {
    if (const auto* vote = std::get_if<VoteRequest>(&e.request)) {
      return absl::StrCat("to ", e.peer.name(), ": ask for a ", vote->pre_vote ? "pre-" : "",
                          "vote in epoch ", vote->epoch.value());
    }
    if (std::holds_alternative<TakeLead>(e.request)) {
      return absl::StrCat("to ", e.peer.name(), ": take the lead");
    }
    if (const auto* pick = std::get_if<PickRequest>(&e.request)) {
      return absl::StrCat("to ", e.peer.name(), pick->lead ? ": lead epoch " : ": poll for epoch ",
                          pick->epoch.value());
    }
    return absl::StrCat("to ", e.peer.name(), ": announce epoch ",
                        std::get<Announcement>(e.request).epoch.value());
  }
  std::string operator()(const AnswerPeer& e) const {
    const auto* vote = std::get_if<Vote>(&e.answer);
    if (vote == nullptr) return "";
    return absl::StrCat(vote->granted ? "grant" : "refuse", " the vote in epoch ",
                        vote->request.epoch.value());
  }
  std::string operator()(const Lead& e) const {
    return absl::StrCat("lead epoch ", e.epoch.value());
  }
  std::string operator()(const StepDown&) const { return "become a replica"; }
  std::string operator()(const AnswerWrite& e) const {
    return absl::StrCat("answer write ", e.id.value(), ": ", Spell(e.outcome),
                        e.position == Position{} ? "" : " ",
                        e.position == Position{} ? "" : ToString(e.position),
                        e.why == Refused::kNone ? "" : absl::StrCat(" (", Spell(e.why), ")"),
                        e.is_protected ? "" : " UNPROTECTED");
  }
  std::string operator()(const AnswerRead& e) const {
    const auto* entry = e.why == Refused::kNone ? cluster.store(node).Find(e.key) : nullptr;
    return absl::StrCat("answer read ", e.id.value(), ": ",
                        e.why != Refused::kNone ? absl::StrCat("refused (", Spell(e.why), ")")
                        : entry == nullptr      ? absl::StrCat(e.key, " is not there")
                                                : absl::StrCat(e.key, " = ", entry->value, " of ",
                                                               ToString(entry->position)));
  }
  std::string operator()(const PassedGate& e) const {
    return absl::StrCat("gate passed by ", Range(e.first, e.last));
  }
  std::string operator()(const Trace& e) const {
    switch (e.kind) {
      case TraceKind::kLeads:
        return absl::StrCat("LEADS epoch ", e.epoch.value(), " after ", e.lsn.value());
      case TraceKind::kFenced:
        return absl::StrCat("FENCED by epoch ", e.epoch.value());
      case TraceKind::kTruncated:
        return absl::StrCat("TRUNCATED to ", e.lsn.value());
      case TraceKind::kDegraded:
        return "DEGRADED";
      case TraceKind::kProtected:
        return "PROTECTED again";
      case TraceKind::kConnected:
        return e.peer.empty() ? "" : absl::StrCat("CONNECTED ", e.peer.name());
      case TraceKind::kDisconnected:
        return absl::StrCat("DISCONNECTED ", e.peer.name());
      default:
        return "";
    }
  }
};

}  // namespace

std::string SpellEffect(CoreHarness& cluster, const std::string& node, const Effect& effect) {
  const std::string what = std::visit(SpellOne{cluster, node}, effect);
  if (what.empty()) return "";
  return absl::StrFormat("%9.3f %-2s  %s\n", static_cast<double>(ToNanos(cluster.now())) / 1e6,
                         node, what);
}

std::string SpellState(const CoreHarness& cluster) {
  std::string out;
  for (const std::string& id : cluster.ids()) {
    if (!cluster.up(id)) {
      absl::StrAppend(&out, id, ": down, log to ", ToString(cluster.end_of_log(id)), "\n");
      continue;
    }
    const CoreDescription d = cluster.Describe(id);
    absl::StrAppend(
        &out, id, ": ", d.is_primary ? (d.fenced ? "fenced" : "leads") : "replica", ", epoch ",
        d.epoch.value(), ", log to ", ToString(d.append), ", written ", d.write.value(),
        ", flushed ", d.flush.value(), ", applied ", d.apply.value(), ", commit ", d.commit.value(),
        d.unprotected ? ", unprotected" : "",
        d.following.empty() ? "" : absl::StrCat(", follows ", d.following.name()),
        cluster.rolled_back(id) == 0 ? "" : absl::StrCat(", rolled back ", cluster.rolled_back(id)),
        "\n");
  }
  const std::string why = cluster.WhyNotConverged();
  return absl::StrCat(out, why.empty() ? "converged" : absl::StrCat("not converged: ", why), "\n");
}

}  // namespace replsim
