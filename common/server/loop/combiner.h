// Runs one handler over items posted from many threads, one run at a time, without a thread of its
// own: whoever posts while nobody is inside becomes the runner and drains the queue until it is
// empty; everybody else only adds to it. Waking another thread costs 50 to 60 µs here, more than
// the work it would be woken for (DESIGN §6), so the thread that brings an event does the work.
//
// Contract:
//   - The handler never runs concurrently with itself; what one run wrote the next one sees.
//   - Every posted item is handled, items of one thread in the order in which it posted them.
//   - The handler runs with no lock held and may Post: the item waits for the handler's next run.
//   - Post from outside may run the handler before it returns, with items of other threads too.
//     Never post while holding a lock that the handler takes.
//   - The queue has no bound of its own: bound what you have in flight before you post it.
//   - Destroy it only when nobody is inside and nobody will post.
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
  // Gets everything that was waiting, oldest first, and may take it apart; the vector is emptied
  // (its memory kept) when the handler returns.
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

  // As one: no other thread's items come in between.
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
          // Under the lock that Post takes: an item is either seen here or finds running_ false.
          running_ = false;
          return;
        }
        batch_.swap(queue_);
      }
      handler_(batch_);
      batch_.clear();
    }
  }

  // It is held for some instructions only, so a holder is worth a short spin: to sleep is to be
  // woken.
  std::unique_lock<std::mutex> Lock() {
    constexpr int kSpins = 64;
    for (int i = 0; i < kSpins; ++i) {
      std::unique_lock<std::mutex> lock(mutex_, std::try_to_lock);
      if (lock.owns_lock()) return lock;
    }
    return std::unique_lock<std::mutex>(mutex_);
  }

  // Of the standard library, not absl's: Debian's absl is built without the thread sanitizer, which
  // does not see its locks. It guards queue_ and running_.
  std::mutex mutex_;
  std::vector<Item> queue_;
  bool running_ = false;
  // The runner's, handed on through mutex_.
  std::vector<Item> batch_;
  Handler handler_;
};

}  // namespace replsim
