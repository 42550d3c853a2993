// Runs one handler over items posted from many threads, one run at a time, without a thread of its
// own. A thread that posts while the handler is not running becomes the runner and drains the queue
// until it is empty. Other threads only add to the queue. The thread that brings an event does the
// work because waking another thread takes 50 to 60 µs, longer than most of that work.
//
// Contract:
//   - The handler never runs concurrently with itself. Each run sees the writes of the run before.
//   - Every posted item is handled, items of one thread in the order in which it posted them.
//   - The handler runs with no lock held and may Post: the item waits for the handler's next run.
//   - Post from outside may run the handler before it returns, also with items of other threads.
//     Never post while holding a lock that the handler takes.
//   - The queue is unbounded: the caller bounds the items in flight before it posts.
//   - Destroy it only when the handler is not running and no thread will post.
#pragma once

#include <iterator>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"

namespace replsim {

template <class Item>
class Combiner {
 public:
  // Gets all waiting items, oldest first, and may move from them. The vector is cleared when the
  // handler returns; its memory is reused.
  using Handler = absl::AnyInvocable<void(std::vector<Item>&)>;

  explicit Combiner(Handler handler) : handler_(std::move(handler)) {}
  Combiner(const Combiner&) = delete;
  Combiner& operator=(const Combiner&) = delete;

  void Post(Item item) {
    {
      const std::unique_lock<std::mutex> lock = Lock();
      queue_.push_back(std::move(item));
      if (running_) return;
      running_ = true;
    }
    Drain();
  }

  // Posts the items together: no other thread's items come in between.
  void PostAll(std::vector<Item>&& items) {
    if (items.empty()) return;
    {
      const std::unique_lock<std::mutex> lock = Lock();
      queue_.insert(queue_.end(), std::make_move_iterator(items.begin()),
                    std::make_move_iterator(items.end()));
      if (running_) return;
      running_ = true;
    }
    Drain();
  }

 private:
  void Drain() {
    for (;;) {
      {
        const std::unique_lock<std::mutex> lock = Lock();
        if (queue_.empty()) {
          // Post takes the same lock: either the item is seen here, or Post sees running_ false.
          running_ = false;
          return;
        }
        batch_.swap(queue_);
      }
      handler_(batch_);
      batch_.clear();
    }
  }

  // Spins first: the lock is held for a few instructions only, and a wake-up would take longer.
  std::unique_lock<std::mutex> Lock() {
    constexpr int kSpins = 64;
    for (int i = 0; i < kSpins; ++i) {
      std::unique_lock<std::mutex> lock(mutex_, std::try_to_lock);
      if (lock.owns_lock()) return lock;
    }
    return std::unique_lock<std::mutex>(mutex_);
  }

  // Guards queue_ and running_. A std::mutex, because Debian's absl is built without
  // ThreadSanitizer, which therefore does not see the locks of absl.
  std::mutex mutex_;
  std::vector<Item> queue_;
  bool running_ = false;
  // Used by the runner only. mutex_ orders the accesses of successive runners.
  std::vector<Item> batch_;
  Handler handler_;
};

}  // namespace replsim
