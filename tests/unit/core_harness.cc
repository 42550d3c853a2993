#include "tests/unit/core_harness.h"

#include <algorithm>

#include "common/base/check.h"
#include "common/storage/store/command.h"

namespace replsim {

CoreHarness::CoreHarness(HarnessOptions options) : options_(std::move(options)) {
  nodes_["p"].id = primary_;
  for (int i = 1; i <= options_.replicas; ++i) {
    const std::string id = absl::StrCat("r", i);
    nodes_[id].id = id;
  }
  RestartAsPrimary(primary_);
  for (const std::string& id : ids()) {
    if (id != primary_) RestartAsReplica(id, primary_);
  }
}

CoreHarness::~CoreHarness() = default;

std::vector<std::string> CoreHarness::ids() const {
  std::vector<std::string> out;
  for (const auto& [id, node] : nodes_) out.push_back(id);
  return out;
}

// --- time ---

void CoreHarness::At(Instant when, std::function<void()> what) {
  queue_.emplace(std::pair(when, sequence_++), std::move(what));
}

void CoreHarness::Run(Nanos span) {
  const Instant until = now_ + span;
  while (!queue_.empty() && queue_.begin()->first.first <= until) {
    now_ = queue_.begin()->first.first;
    const auto what = std::move(queue_.begin()->second);
    queue_.erase(queue_.begin());
    what();
  }
  now_ = until;
}

void CoreHarness::Transmit(const std::string& from, const std::string& to,
                           std::function<void()> arrive) {
  Link& link = links_[{from, to}];
  if (link.cut) {
    link.held.push_back(std::move(arrive));
  } else {
    At(now_ + options_.link_delay, std::move(arrive));
  }
}

void CoreHarness::Post(Node& node, Event event) {
  if (node.core == nullptr) return;
  node.inbox.push_back(std::move(event));
  if (std::exchange(node.turn_due, true)) return;
  At(now_, [this, &node, life = node.life] {
    if (node.life == life && node.core != nullptr) Turn(node);
  });
}

// Events that arrive at one instant are stepped together, as in the node loop.
void CoreHarness::Turn(Node& node) {
  node.turn_due = false;
  for (Event& event : std::exchange(node.inbox, {})) {
    node.core->Step(now_, std::move(event));
    node.core->CheckInvariants();
  }
  for (Effect& effect : node.core->TakeEffects()) {
    if (on_effect) on_effect(node.id, effect);
    std::visit([&](auto& e) { On(node, e); }, effect);
  }
  node.core->CheckInvariants();
  CheckTurn(node);
  ArmTimer(node);
}

void CoreHarness::ArmTimer(Node& node) {
  const Instant when = node.core->NextTimer();
  const uint64_t version = ++node.timer_version;
  if (when == kNever) return;
  // A timer that is still due after everything due has been done would stop time.
  REPL_CHECK(when > now_ || node.turn_due, node.id, " wants to be woken at ", ToNanos(when),
             ", now ", ToNanos(now_), "; ", options_.label);
  At(std::max(when, now_), [this, &node, version, life = node.life] {
    if (node.timer_version == version && node.life == life) Post(node, TimerFired{});
  });
}

// --- clients ---

// The only request of this client, with its own number as the request id.
WriteRequest CoreHarness::RequestOf(uint64_t client) const {
  const std::string value = absl::StrCat("v", client), key = absl::StrCat("k", client % 7);
  const std::string other = absl::StrCat("k", (client + 3) % 7);
  const std::string earlier = absl::StrCat("v", client < 14 ? 0 : client - 14);
  const std::string puts = EncodePuts({{key, value}, {other, value}});
  Command command{client, 1, CommandKind::kPut, key, value};
  if (options_.all_kinds) {
    switch (client % 8) {
      case 1:
        command = {client, 1, CommandKind::kAppend, key, value};
        break;
      case 2:
        command = {client, 1, CommandKind::kCas, key, value, earlier};
        break;
      case 3:
        command = {client, 1, CommandKind::kCas, key, value};
        break;
      case 4:
        command = {client, 1, CommandKind::kTransaction, "", puts};
        break;
      case 5:
        command = {client, 1, CommandKind::kDelete, key, ""};
        break;
      default:
        break;
    }
  }
  WriteRequest write;
  write.id = RequestId(client);
  EncodeCommand(command, &write.command);
  write.client = client;
  write.sequence = 1;
  write.conditional = IsConditional(command.kind);
  return write;
}

std::vector<RequestId> CoreHarness::Write(int count, const std::string& node, Epoch known_epoch,
                                          bool ticket) {
  std::vector<RequestId> ids;
  Node& to = Find(node.empty() ? primary_ : node);
  for (int i = 0; i < count; ++i) {
    const uint64_t n = next_request_++;
    ids.push_back(RequestId(n));
    WriteRequest write = RequestOf(n);
    write.known_epoch = known_epoch;
    write.ticket = ticket && !write.conditional;
    Post(to, std::move(write));
  }
  return ids;
}

RequestId CoreHarness::WriteAgain(uint64_t client, const std::string& node) {
  WriteRequest write = RequestOf(client);
  write.id = RequestId(next_request_++);
  Post(Find(node.empty() ? primary_ : node), write);
  return write.id;
}

RequestId CoreHarness::AskTicket(Position ticket, bool watch, const std::string& node) {
  const RequestId id(next_request_++);
  Post(Find(node.empty() ? primary_ : node), TicketRequest{id, Epoch(0), ticket, watch});
  return id;
}

void CoreHarness::Read(const std::string& node, ReadConsistency consistency, Position at_least) {
  Post(Find(node), ReadRequest{RequestId(next_request_++), "k1", consistency, at_least});
}

// --- faults ---

void CoreHarness::Cut(const std::string& from, const std::string& to) {
  links_[{from, to}].cut = true;
}

void CoreHarness::Heal(const std::string& from, const std::string& to) {
  Link& link = links_[{from, to}];
  link.cut = false;
  for (auto& arrive : std::exchange(link.held, {}))
    At(now_ + options_.link_delay, std::move(arrive));
}

void CoreHarness::HealAll() {
  for (auto& [ends, link] : links_) {
    if (link.cut) Heal(ends.first, ends.second);
  }
}

void CoreHarness::Crash(const std::string& id, bool power_loss) {
  Node& node = Find(id);
  RunOps(node, now_);
  node.core = nullptr;
  ++node.life;
  node.leads = false;
  node.inbox.clear();
  node.turn_due = false;
  node.ops.clear();
  if (power_loss) CutLog(node, node.flushed);
  for (auto& connection : connections_) {
    for (auto [mine, theirs] : {std::pair(&connection->dialler, &connection->listener),
                                std::pair(&connection->listener, &connection->dialler)}) {
      if (mine->node == id && mine->open) CloseEnd(*connection, *mine, *theirs);
    }
  }
}

RequestTable CoreHarness::RequestsOf(const Node& node) const {
  RequestTable requests;
  for (const std::string& encoded : node.log) {
    RecordView record;
    REPL_CHECK(ParseRecord(encoded, &record) == ParseOutcome::kRecord, "not a record");
    const Command command = *DecodeCommand(record.payload);
    requests.Add(command.client, command.sequence, record.position);
  }
  return requests;
}

uint64_t CoreHarness::LoggedTwice(const std::string& id) const {
  std::set<uint64_t> clients;
  for (const std::string& encoded : Find(id).log) {
    RecordView record;
    REPL_CHECK(ParseRecord(encoded, &record) == ParseOutcome::kRecord, "not a record");
    const uint64_t client = DecodeCommand(record.payload)->client;
    if (!clients.insert(client).second) return client;
  }
  return 0;
}

CoreStart CoreHarness::StartOf(const Node& node) const {
  const Lsn last(node.log.size());
  return {NodeId(node.id), node.epoch, node.history, last, last, last, RequestsOf(node)};
}

void CoreHarness::BeginCore(Node& node, std::unique_ptr<Core> core, bool leads) {
  ++node.life;
  node.leads = leads;
  node.core = std::move(core);
  node.inbox.clear();
  node.turn_due = false;
  Post(node, TimerFired{});
}

PrimaryOptions CoreHarness::ForPrimary(const std::string& id) const {
  PrimaryOptions o;
  o.knobs = options_.knobs;
  o.durability = options_.durability;
  o.take_over = options_.take_over;
  for (const std::string& other : ids()) {
    if (other != id) o.replicas.emplace_back(other);
  }
  o.members = o.replicas;
  o.heartbeat_interval = options_.heartbeat_interval;
  o.heartbeat_timeout = options_.heartbeat_timeout;
  o.announce_interval = options_.heartbeat_timeout / 2;
  o.window = options_.window;
  o.recent_bytes_max = options_.recent_bytes_max;
  o.read_bytes_max = options_.read_bytes_max;
  return o;
}

void CoreHarness::RestartAsReplica(const std::string& id, const std::string& primary) {
  Node& node = Find(id);
  FlushTo(node, Lsn(node.log.size()));
  CutLog(node, Lsn(node.log.size()));
  node.handed = Lsn(node.log.size());
  node.log_busy_until = node.store_busy_until = now_;
  node.store.Clear();
  ApplyTo(node, Lsn(node.log.size()));
  BeginCore(node, std::make_unique<ReplicaCore>(ForReplica(primary), StartOf(node), now_), false);
}

ReplicaOptions CoreHarness::ForReplica(const std::string& primary) const {
  ReplicaOptions o;
  o.apply_when = options_.knobs.replica_apply;
  o.durability = options_.durability;
  o.failover.take_over = options_.take_over;
  o.primary = NodeId(primary);
  o.heartbeat_timeout = options_.heartbeat_timeout;
  o.apply_delay = options_.replica_apply_delay;
  o.recent_bytes_max = options_.recent_bytes_max;
  return o;
}

CoreStart CoreHarness::TakeHandOver(Node& node) {
  Effects last_words;
  CoreStart start = node.core->HandOver(&last_words);
  for (Effect& effect : last_words) {
    if (on_effect) on_effect(node.id, effect);
    std::visit([&](auto& e) { On(node, e); }, effect);
  }
  return start;
}

bool CoreHarness::BecomeReplica(const std::string& id, const std::string& primary) {
  Node& node = Find(id);
  if (!node.core->BeginDemotion().ok()) return false;
  while (node.core->role_change() == Core::RoleChange::kWaits) Run(Millis(1));
  const CoreStart start = TakeHandOver(node);
  node.core = std::make_unique<ReplicaCore>(ForReplica(primary), start, now_);
  node.leads = false;
  Post(node, TimerFired{});
  return true;
}

void CoreHarness::RestartAsPrimary(const std::string& id) {
  Node& node = Find(id);
  FlushTo(node, Lsn(node.log.size()));
  node.handed = Lsn(node.log.size());
  node.log_busy_until = node.store_busy_until = now_;
  node.store.Clear();
  ApplyTo(node, Lsn(node.log.size()));
  ++last_epoch_;
  node.counts_all = true;
  primary_ = id;
  BeginCore(node, std::make_unique<PrimaryCore>(ForPrimary(id), StartOf(node), last_epoch_, now_),
            true);
}

// Everything received is first written, flushed and applied: at once, unless the node applies
// slowly.
void CoreHarness::Settle(Node& node) {
  for (;;) {
    if (!node.inbox.empty()) Turn(node);
    if (node.ops.empty() && node.inbox.empty()) return;
    RunOps(node, kNever);
  }
}

bool CoreHarness::Promote(const std::string& id, const std::vector<std::string>& tell) {
  Node& node = Find(id);
  Settle(node);
  if (!node.core->BeginPromotion(now_, last_epoch_ + 1).ok()) return false;
  Turn(node);
  Settle(node);
  while (node.core->role_change() == Core::RoleChange::kWaits) Run(Millis(1));
  if (node.core->role_change() == Core::RoleChange::kNone) return false;
  CoreStart start = TakeHandOver(node);
  ++last_epoch_;
  start.requests = RequestsOf(node);
  PrimaryOptions o = ForPrimary(id);
  o.announce = true;
  o.members.clear();
  for (const std::string& other : tell) {
    if (other != id) o.members.emplace_back(other);
  }
  node.core = std::make_unique<PrimaryCore>(std::move(o), start, last_epoch_, now_);
  node.leads = true;
  node.counts_all = false;
  primary_ = id;
  Turn(node);
  for (const std::string& other : tell) {
    Node& follower = Find(other);
    if (other == id || follower.core == nullptr) continue;
    follower.inbox.push_back(FollowRequest{NodeId(id), last_epoch_});
    Turn(follower);
  }
  return true;
}

std::string CoreHarness::Best(const std::vector<std::string>& among) const {
  std::string best;
  Position best_end;
  for (const std::string& id : among) {
    const Node& node = Find(id);
    if (node.core == nullptr || node.leads) continue;
    const Position end = node.core->Describe().append;
    if (best.empty() || end > best_end) {
      best = id;
      best_end = end;
    }
  }
  return best;
}

void CoreHarness::SetApplyDelay(const std::string& id, Nanos per_entry) {
  Post(Find(id), ApplyDelayChanged{per_entry});
}

// --- state ---

Position CoreHarness::end_of_log(const std::string& id) const {
  const Node& node = Find(id);
  return node.positions.empty() ? Position{} : node.positions.back();
}

bool CoreHarness::Holds(const std::string& id, Position position) const {
  const Node& node = Find(id);
  return std::find(node.positions.begin(), node.positions.end(), position) != node.positions.end();
}

std::string CoreHarness::WhyNotConverged() const {
  const Node& p = Find(primary_);
  if (p.core == nullptr) return absl::StrCat(primary_, " is down");
  std::string why;
  for (const auto& [id, node] : nodes_) {
    if (node.core == nullptr) continue;
    if (node.positions != p.positions) {
      absl::StrAppend(&why, id, " ends at ", ToString(end_of_log(id)), ", ", primary_, " at ",
                      ToString(end_of_log(primary_)), "; ");
    } else if (node.store.applied() != p.store.applied() ||
               node.store.digest() != p.store.digest()) {
      absl::StrAppend(&why, id, " shows ", node.store.applied().value(), ", ", primary_, " ",
                      p.store.applied().value(), "; ");
    }
  }
  return why;
}

}  // namespace replsim
