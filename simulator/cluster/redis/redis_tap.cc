#include "simulator/cluster/redis/redis_tap.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "simulator/cluster/redis/resp.h"

namespace replsim {
namespace {

constexpr size_t kMarkBytes = 40;
constexpr size_t kPendingMax = size_t{64} << 20;

std::optional<WrittenValue> WriteIn(const std::vector<absl::string_view>& words) {
  if (words.size() < 3 || !absl::EqualsIgnoreCase(words[0], "SET")) return std::nullopt;
  return ParseValue(words[2]);
}

}  // namespace

void RedisStreamParser::Add(absl::string_view bytes) {
  if (state_ == State::kBroken) return;
  // A whole command needs no copy.
  absl::string_view rest = bytes;
  if (!pending_.empty()) {
    pending_.append(bytes.data(), bytes.size());
    rest = pending_;
  }
  while (!rest.empty() && Step(&rest)) {
  }
  if (state_ == State::kBroken || rest.size() > kPendingMax) {
    state_ = State::kBroken;
    return pending_.clear();
  }
  pending_ = std::string(rest);
}

// Returns false if more bytes are needed.
bool RedisStreamParser::Step(absl::string_view* rest) {
  switch (state_) {
    case State::kHandshake:
      return TakeHandshake(rest);
    case State::kSnapshotHead:
      return TakeSnapshotHead(rest);
    case State::kSnapshot:
    case State::kSnapshotToMark:
      return TakeSnapshot(rest);
    case State::kCommands:
      return TakeCommand(rest);
    case State::kBroken:
      return false;
  }
  return false;
}

// Replies are lines; an empty line keeps the connection alive.
bool RedisStreamParser::TakeHandshake(absl::string_view* rest) {
  const size_t end = rest->find('\n');
  if (end == absl::string_view::npos) return false;
  absl::string_view line = rest->substr(0, end);
  rest->remove_prefix(end + 1);
  if (absl::ConsumePrefix(&line, "+FULLRESYNC ")) {
    const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
    uint64_t offset = 0;
    absl::string_view last = words.back();
    absl::ConsumeSuffix(&last, "\r");
    if (!absl::SimpleAtoi(last, &offset)) {
      state_ = State::kBroken;
      return false;
    }
    handler_.on_full(offset);
    state_ = State::kSnapshotHead;
  } else if (absl::StartsWith(line, "+CONTINUE")) {
    state_ = State::kCommands;
  }
  return true;
}

bool RedisStreamParser::TakeSnapshotHead(absl::string_view* rest) {
  const size_t end = rest->find('\n');
  if (end == absl::string_view::npos) return false;
  absl::string_view line = rest->substr(0, end);
  rest->remove_prefix(end + 1);
  absl::ConsumeSuffix(&line, "\r");
  if (line.empty()) return true;
  if (absl::ConsumePrefix(&line, "$EOF:") && line.size() == kMarkBytes) {
    mark_ = std::string(line);
    state_ = State::kSnapshotToMark;
  } else if (absl::ConsumePrefix(&line, "$") && absl::SimpleAtoi(line, &left_)) {
    state_ = State::kSnapshot;
  } else {
    state_ = State::kBroken;
  }
  return state_ != State::kBroken;
}

bool RedisStreamParser::TakeSnapshot(absl::string_view* rest) {
  if (state_ == State::kSnapshot) {
    const size_t size = std::min<uint64_t>(left_, rest->size());
    rest->remove_prefix(size);
    left_ -= size;
    if (left_ > 0) return false;
  } else {
    const size_t at = rest->find(mark_);
    if (at == absl::string_view::npos) {
      // The mark may have begun.
      if (rest->size() >= kMarkBytes) rest->remove_prefix(rest->size() - (kMarkBytes - 1));
      return false;
    }
    rest->remove_prefix(at + kMarkBytes);
  }
  state_ = State::kCommands;
  handler_.on_copy();
  return true;
}

bool RedisStreamParser::TakeCommand(absl::string_view* rest) {
  const size_t before = rest->size();
  std::vector<absl::string_view> words;
  const RespParse parse = ParseCommand(rest, &words);
  if (parse == RespParse::kMalformed) state_ = State::kBroken;
  if (parse != RespParse::kComplete) return false;
  streamed_ += before - rest->size();
  if (const std::optional<WrittenValue> write = WriteIn(words)) {
    handler_.on_write(*write, streamed_);
  }
  return true;
}

namespace {

class StreamTap final : public PipeTap {
 public:
  StreamTap(const NodeId& dialler, const NodeId& listener, std::shared_ptr<RedisStreamState> state,
            ForeignSystem::StepSink sink)
      : dialler_(dialler),
        listener_(listener),
        state_(std::move(state)),
        sink_(std::move(sink)),
        sent_({[] {}, [this](const WrittenValue& write, uint64_t end) { Sent(write, end); },
               [this](uint64_t offset) { state_->base = offset; }}),
        arrived_({[this] { Step(dialler_, TraceKind::kAppend, NodeId(), WrittenValue()); },
                  [this](const WrittenValue& write, uint64_t) { Arrived(write); },
                  [](uint64_t) {}}) {}

  void OnSent(absl::string_view bytes, Instant when) override {
    now_ = when;
    sent_.Add(bytes);
  }
  void OnArrived(absl::string_view bytes, Instant when) override {
    now_ = when;
    arrived_.Add(bytes);
  }

 private:
  void Sent(const WrittenValue& write, uint64_t end) {
    state_->sent.emplace_back(end, write);
    Step(listener_, TraceKind::kSend, dialler_, write);
  }
  // A replica executes what it receives in the same turn of its loop.
  void Arrived(const WrittenValue& write) {
    Step(dialler_, TraceKind::kAppend, NodeId(), write);
    Step(dialler_, TraceKind::kApply, NodeId(), write);
  }
  void Step(const NodeId& node, TraceKind stage, const NodeId& peer, const WrittenValue& write) {
    sink_({node, stage, peer, now_, 0, write});
  }

  const NodeId dialler_;
  const NodeId listener_;
  const std::shared_ptr<RedisStreamState> state_;
  const ForeignSystem::StepSink sink_;
  Instant now_;
  RedisStreamParser sent_;
  RedisStreamParser arrived_;
};

class AckTap final : public PipeTap {
 public:
  AckTap(const NodeId& dialler, const NodeId& listener, std::shared_ptr<RedisStreamState> state,
         ForeignSystem::StepSink sink)
      : dialler_(dialler), listener_(listener), state_(std::move(state)), sink_(std::move(sink)) {}

  void OnSent(absl::string_view, Instant) override {}
  void OnArrived(absl::string_view bytes, Instant when) override {
    if (broken_) return;
    pending_.append(bytes.data(), bytes.size());
    absl::string_view rest = pending_;
    std::vector<absl::string_view> words;
    for (;;) {
      const RespParse parse = ParseCommand(&rest, &words);
      broken_ |= parse == RespParse::kMalformed || rest.size() > kPendingMax;
      if (parse != RespParse::kComplete) break;
      Take(words, when);
    }
    pending_.erase(0, pending_.size() - rest.size());
  }

 private:
  void Take(const std::vector<absl::string_view>& words, Instant when) {
    uint64_t offset = 0;
    if (words.size() < 3 || !absl::SimpleAtoi(words[2], &offset)) return;
    // PSYNC replid N asks for the stream from byte N on; if it is refused, FULLRESYNC says more.
    if (absl::EqualsIgnoreCase(words[0], "PSYNC") && offset > 0) state_->base = offset - 1;
    const bool acknowledges =
        absl::EqualsIgnoreCase(words[0], "REPLCONF") && absl::EqualsIgnoreCase(words[1], "ACK");
    if (!acknowledges || !state_->base || offset < *state_->base) return;
    std::optional<WrittenValue> reached;
    while (!state_->sent.empty() && state_->sent.front().first <= offset - *state_->base) {
      reached = state_->sent.front().second;
      state_->sent.pop_front();
    }
    if (reached) sink_({listener_, TraceKind::kPeerApply, dialler_, when, 0, *reached});
  }

  const NodeId dialler_;
  const NodeId listener_;
  const std::shared_ptr<RedisStreamState> state_;
  const ForeignSystem::StepSink sink_;
  std::string pending_;
  bool broken_ = false;
};

}  // namespace

std::unique_ptr<PipeTap> NewRedisStreamTap(const NodeId& dialler, const NodeId& listener,
                                           std::shared_ptr<RedisStreamState> state,
                                           ForeignSystem::StepSink sink) {
  return std::make_unique<StreamTap>(dialler, listener, std::move(state), std::move(sink));
}

std::unique_ptr<PipeTap> NewRedisAckTap(const NodeId& dialler, const NodeId& listener,
                                        std::shared_ptr<RedisStreamState> state,
                                        ForeignSystem::StepSink sink) {
  return std::make_unique<AckTap>(dialler, listener, std::move(state), std::move(sink));
}

}  // namespace replsim
