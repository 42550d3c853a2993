#include "simulator/cluster/foreign/client_pool.h"

#include <algorithm>
#include <utility>

#include "simulator/cluster/managed/unanswered.h"

namespace replsim {
namespace {

constexpr Nanos kReopenAfter = Millis(10);

}  // namespace

ClientPool::ClientPool(NodeId node, ForeignSystem* system, asio::io_context* io,
                       std::function<void()> idle)
    : node_(std::move(node)), system_(system), io_(io), on_idle_(std::move(idle)) {}

ClientPool::~ClientPool() { *alive_ = false; }

void ClientPool::Connect(uint16_t port, size_t count) {
  port_ = port;
  up_ = true;
  wanted_ = std::max(wanted_, count);
  while (slots_.size() < wanted_) slots_.push_back(std::make_unique<Slot>());
  for (size_t i = 0; i < slots_.size(); ++i) {
    if (!slots_[i]->open) OpenSlot(i);
  }
}

void ClientPool::Grow(size_t most) {
  if (!up_ || slots_.size() >= most) return;
  slots_.push_back(std::make_unique<Slot>());
  wanted_ = slots_.size();
  OpenSlot(slots_.size() - 1);
}

void ClientPool::OpenSlot(size_t index) {
  Slot& slot = *slots_[index];
  slot.connection = system_->Connect(io_);
  const uint64_t life = ++slot.life;
  slot.connection->OnClosed([this, index, life, alive = alive_] {
    if (*alive && slots_[index]->life == life) Close(index);
  });
  slot.connection->Open(port_, [this, index, life, alive = alive_](const absl::Status& status) {
    if (!*alive || slots_[index]->life != life) return;
    if (!status.ok()) return OpenLater(index);
    slots_[index]->open = true;
    ++open_;
    idle_.push_back(index);
    on_idle_();
  });
}

void ClientPool::OpenLater(size_t index) {
  const auto timer = std::make_shared<asio::steady_timer>(*io_, kReopenAfter);
  timer->async_wait([this, index, timer, life = slots_[index]->life,
                     alive = alive_](const asio::error_code& error) {
    if (!error && *alive && up_ && slots_[index]->life == life) OpenSlot(index);
  });
}

// Not inside a callback of this connection's request: it has ended before.
void ClientPool::Close(size_t index) {
  Slot& slot = *slots_[index];
  if (slot.open) --open_;
  slot.open = false;
  ++slot.life;
  idle_.erase(std::remove(idle_.begin(), idle_.end(), index), idle_.end());
  // The connection may be the caller.
  asio::post(*io_, [connection = std::shared_ptr<ForeignConnection>(
                        std::move(slot.connection))]() mutable { connection.reset(); });
  if (up_) OpenLater(index);
}

void ClientPool::Send(ForeignRequest request) {
  const size_t index = idle_.back();
  idle_.pop_back();
  Slot& slot = *slots_[index];
  slot.done = std::move(request.done);
  slot.is_write = request.is_write;
  slot.deadline = request.deadline;
  auto ended = [this, index, life = slot.life, alive = alive_](OperationResult result) {
    if (*alive && slots_[index]->life == life) Ended(index, life, std::move(result));
  };
  if (request.is_write) {
    slot.connection->Write(request.key, request.value, std::move(ended));
  } else {
    slot.connection->Read(request.key, std::move(ended));
  }
}

void ClientPool::Ended(size_t index, uint64_t life, OperationResult result) {
  Slot& slot = *slots_[index];
  OperationDone done = std::exchange(slot.done, nullptr);
  if (!done) return;
  if (result.outcome == proto::COMMITTED || result.outcome == proto::REJECTED) {
    if (result.reason != proto::DISCONNECTED) result.served_by = node_;
  }
  done(std::move(result));
  if (!*alive_ || slot.life != life || !slot.open) return;
  idle_.push_back(index);
  on_idle_();
}

// The answer may still come, so the connection is given up with the request.
void ClientPool::Sweep(Instant now) {
  for (size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = *slots_[i];
    if (!slot.done || slot.deadline > now) continue;
    OperationDone done = std::exchange(slot.done, nullptr);
    const bool is_write = slot.is_write;
    Close(i);
    done(Unanswered(is_write, proto::DEADLINE));
  }
}

}  // namespace replsim
