// The requests of clients, and those of the simulator itself.
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/cluster/foreign/foreign_cluster.h"
#include "simulator/cluster/managed/unanswered.h"

namespace replsim {
namespace {

constexpr Nanos kSweepEvery = Millis(5);

}  // namespace

void ForeignCluster::Write(uint64_t /*client*/, uint64_t /*sequence*/, absl::string_view key,
                           absl::string_view value, Instant deadline, OperationDone done) {
  Submit(NodeId(), {true, std::string(key), std::string(value), deadline, std::move(done)});
}

void ForeignCluster::Read(uint64_t /*client*/, const NodeId& node, absl::string_view key, ReadMode,
                          Position, Instant deadline, OperationDone done) {
  Submit(node, {false, std::string(key), "", deadline, std::move(done)});
}

// A write waits for a connection to the primary until its deadline. A reader can use another
// replica, so a read does not wait for a node that is down.
void ForeignCluster::Submit(NodeId node, ForeignRequest request) {
  request.done = [this, alive = alive_,
                  done = std::move(request.done)](OperationResult result) mutable {
    Inside([done = std::move(done), result = std::move(result)]() mutable {
      done(std::move(result));
    });
  };
  OnIo([this, node = std::move(node), request = std::move(request)]() mutable {
    ClientPool& pool = *Find(node.empty() ? writes_to_ : node).pool;
    if (pool.has_idle()) return pool.Send(std::move(request));
    if (!node.empty() && (!pool.up() || pool.open() == 0)) return request.done(NeverSent());
    pool.Grow(connections());
    waiting_.push_back({std::move(node), std::move(request)});
  });
}

void ForeignCluster::SendWaiting() {
  std::deque<Waiting> left;
  std::swap(left, waiting_);
  while (!left.empty()) {
    Waiting next = std::move(left.front());
    left.pop_front();
    ClientPool& pool = *Find(next.node.empty() ? writes_to_ : next.node).pool;
    if (pool.has_idle()) {
      pool.Send(std::move(next.request));
    } else {
      waiting_.push_back(std::move(next));
    }
  }
}

void ForeignCluster::Sweep() {
  const Instant now = MonotonicNow();
  for (auto& [id, node] : nodes_) node.pool->Sweep(now);
  for (size_t i = waiting_.size(); i > 0; --i) {
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    const bool lost = !next.node.empty() && Find(next.node).pool->open() == 0;
    if (lost || next.request.deadline <= now) {
      next.request.done(NeverSent());
    } else {
      waiting_.push_back(std::move(next));
    }
  }
  sweep_.expires_after(kSweepEvery);
  sweep_.async_wait([this, alive = alive_](const asio::error_code& error) {
    if (!error && *alive) Sweep();
  });
}

void ForeignCluster::Control(const NodeId& id, Nanos patience, ControlWork work, Done done) {
  struct Call {
    std::unique_ptr<ForeignConnection> connection;
    asio::steady_timer timer;
    Done done;
  };
  OnIo([this, id, patience, work = std::move(work), done = std::move(done)]() mutable {
    const auto call =
        std::make_shared<Call>(Call{system_->Connect(io_), asio::steady_timer(*io_), nullptr});
    call->done = std::move(done);
    const auto end = [this, call](const absl::Status& status) {
      Done ended = std::exchange(call->done, nullptr);
      if (!ended) return;
      call->timer.cancel();
      // The connection may be the caller.
      asio::post(*io_, [call] { call->connection.reset(); });
      Inside([ended = std::move(ended), status]() mutable { ended(status); });
    };
    call->timer.expires_after(patience);
    call->timer.async_wait([id, end, alive = alive_](const asio::error_code& error) {
      if (error || !*alive) return;
      end(absl::DeadlineExceededError(absl::StrCat(id.name(), " does not answer")));
    });
    call->connection->OnClosed([id, end, alive = alive_] {
      if (*alive) end(absl::UnavailableError(absl::StrCat(id.name(), " closed the connection")));
    });
    call->connection->Open(Find(id).port, [call, end, alive = alive_, work = std::move(work)](
                                              const absl::Status& status) mutable {
      if (!*alive) return;
      if (!status.ok()) return end(status);
      work(*call->connection, [end, alive](const absl::Status& ended) {
        if (*alive) end(ended);
      });
    });
  });
}

void ForeignCluster::Describe(absl::AnyInvocable<void(Statuses)> done) {
  constexpr Nanos kPatience = Millis(1000);
  struct Gathering {
    size_t left = 1;
    Statuses statuses;
    absl::AnyInvocable<void(Statuses)> done;
    void End() {
      if (--left == 0) done(std::move(statuses));
    }
  };
  const auto gathering = std::make_shared<Gathering>();
  gathering->done = std::move(done);
  for (auto& [id, node] : nodes_) {
    if (node.state != NodeState::kUp) continue;
    ++gathering->left;
    const auto seen = std::make_shared<ForeignStatus>();
    Control(
        id, kPatience,
        [seen](ForeignConnection& connection, Done ended) {
          connection.Describe(
              [seen, ended = std::move(ended)](absl::StatusOr<ForeignStatus> status) mutable {
                if (status.ok()) *seen = *std::move(status);
                ended(status.status());
              });
        },
        [this, gathering, seen, id = id](const absl::Status& status) {
          NodeStatus described;
          described.core.is_primary = seen->leads;
          described.core.epoch = Epoch(seen->epoch);
          // Only for comparison: these are the system's own positions.
          described.core.append = {Epoch(seen->epoch), Lsn(seen->native)};
          described.core.apply = Lsn(seen->native);
          described.core.failure = seen->failure;
          if (!seen->leads && seen->ready) described.core.following = Find(id).follows;
          if (status.ok()) {
            gathering->statuses.emplace_back(id, std::move(described));
          } else {
            gathering->statuses.emplace_back(id, status);
          }
          gathering->End();
        });
  }
  Inside([gathering] { gathering->End(); });
}

void ForeignCluster::Scan(const NodeId& id, Scanned done) {
  constexpr Nanos kPatience = Millis(30'000);
  const auto found = std::make_shared<std::vector<FinalEntry>>();
  Control(
      id, kPatience,
      [found](ForeignConnection& connection, Done ended) {
        connection.Scan([found, ended = std::move(ended)](
                            const absl::StatusOr<ForeignConnection::KeyValues>& pairs) mutable {
          if (!pairs.ok()) return ended(pairs.status());
          for (const auto& [key, value] : *pairs) {
            const std::optional<uint32_t> index = KeyIndex(key);
            if (index) found->push_back(FinalEntryOf(*index, Position(), value));
          }
          ended(absl::OkStatus());
        });
      },
      [found, done = std::move(done)](const absl::Status& status) mutable {
        if (status.ok()) return done(std::move(*found));
        done(status);
      });
}

}  // namespace replsim
