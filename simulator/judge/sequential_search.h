// Sequential consistency by search: tries orders of all operations, client by client, and remembers
// the visited configurations. It decides for registers with any values and compare-and-sets, but
// may need exponential time. The caller therefore runs a given number of steps at a time, within a
// given amount of memory.
//
// Three rules keep the search small. A read that is legal now is taken at once. A write is taken at
// once if no remaining operation needs its value or the value that it overwrites. A value that a
// remaining read returns is not overwritten unless another write can restore it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "simulator/history/history.h"
#include "simulator/judge/fingerprints.h"
#include "simulator/judge/indexes.h"
#include "simulator/judge/verdict.h"

namespace replsim::judge {

class SequentialSearch {
 public:
  // `operations`: ascending indexes into History::operations. `history` must outlive this object.
  // With kOfTime, a write comes after all writes that ended before it began; each process must then
  // either read or write.
  SequentialSearch(const history::History& history, std::vector<uint32_t> operations,
                   WritesInOrder writes, size_t memory_bytes);

  // Whether every value that is read is written by one of the operations or initial.
  bool ExplainsReads() const;

  enum class Result { kYes, kNo, kRunning, kOutOfMemory };
  // Continues the search for up to `steps` operations.
  Result Run(uint64_t steps);

  // After kYes: the operations that changed the state, in an order that explains all operations.
  std::vector<uint32_t> order() const;

 private:
  // One operation. `wants`, `sets` and `refuses` are cells: numbers for pairs of key and value.
  struct Step {
    uint32_t key = 0;
    uint32_t wants = kNoNode;  // value needed by a read or a successful compare-and-set
    uint32_t sets = kNoNode;
    uint32_t refuses = kNoNode;  // value that must not be there for a failed compare-and-set
    uint32_t process = 0;
    uint32_t before = kNoNode;  // unanswered operation: the client's operation before it
    bool is_answered = true;
    bool is_read = false;
    int64_t begin = 0;
    int64_t end = 0;
  };
  struct Frame {
    uint32_t step = 0;  // the step that was taken
    size_t taken = 0;   // number of steps taken before it
    uint32_t next = 0;  // the choice to try after this one has failed
  };
  struct Taken {
    uint32_t step = 0;
    uint32_t cell = 0;  // the cell that the key held before
  };

  void Number(const history::History& history);
  bool Advance();
  bool Back();
  void TakeWhatIsSafe();
  bool IsSafe(uint32_t step) const;
  bool IsLegal(uint32_t step) const;
  bool IsInOrderOfTime(const Step& step) const;
  void Take(uint32_t step);
  void UndoTo(size_t taken);
  // The choices: each client's next operation, then the unanswered operations.
  uint32_t ChoiceAt(uint32_t choice) const;
  void Wanted(const Step& step, int change);

  std::vector<uint32_t> operations_;
  const WritesInOrder writes_;
  std::vector<Step> steps_;
  std::vector<std::vector<uint32_t>> lanes_;  // by client: its answered operations
  std::vector<uint32_t> heads_;               // by client: number of operations taken
  std::vector<uint32_t> pending_;             // unanswered operations
  std::vector<bool> is_taken_;
  std::vector<uint32_t> holds_;     // by key: its current cell
  std::vector<int> wanted_;         // by cell: remaining answered operations that need it
  std::vector<int> asked_;          // by cell: the same, including unanswered operations
  std::vector<int> offered_;        // by cell: remaining operations that set it
  std::vector<bool> is_initial_;    // by cell
  std::vector<bool> has_refusals_;  // by key
  size_t left_ = 0;                 // answered operations that remain
  std::vector<Taken> taken_;
  std::vector<Frame> frames_;
  uint32_t next_choice_ = 0;
  SeenConfigurations seen_;
  Fingerprint fingerprint_;
};

}  // namespace replsim::judge
