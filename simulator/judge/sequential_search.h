// Sequential consistency by search: tries orders of all operations, client by client, and remembers
// where it was. It decides for registers with any values and compare-and-sets, in time that can be
// exponential, so it runs a given number of steps at a time, in the memory that it is given.
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

namespace replsim::judge {

class SequentialSearch {
 public:
  // `operations`: indexes into History::operations, ascending. `history` outlives this.
  SequentialSearch(const history::History& history, std::vector<uint32_t> operations,
                   size_t memory_bytes);

  // Whether every value that is read is written by one of the operations.
  bool ExplainsReads() const;

  enum class Result { kYes, kNo, kRunning, kOutOfMemory };
  // Goes on for up to `steps` operations.
  Result Run(uint64_t steps);

  // After kYes: the operations that changed something, in the order that explains all.
  std::vector<uint32_t> order() const;

 private:
  // What a key may hold: a number for each key and value.
  struct Step {
    uint32_t key = 0;
    uint32_t wants = kNoNode;  // a read, and a compare-and-set that succeeded
    uint32_t sets = kNoNode;
    uint32_t refuses = kNoNode;  // a compare-and-set in vain: what is not there
    uint32_t process = 0;
    uint32_t before = kNoNode;  // never answered: the client's operation that it is after
    bool is_answered = true;
  };
  struct Frame {
    uint32_t step = 0;  // that was taken
    size_t taken = 0;   // how many had been taken before it
    uint32_t next = 0;  // the choice to try when this one has failed
  };
  struct Taken {
    uint32_t step = 0;
    uint32_t cell = 0;  // what the key held before
  };

  void Number(const history::History& history);
  bool Advance();
  bool Back();
  void TakeWhatIsSafe();
  bool IsSafe(uint32_t step) const;
  bool IsLegal(uint32_t step) const;
  void Take(uint32_t step);
  void UndoTo(size_t taken);
  // The choices: clients' next operations, then operations that were never answered.
  uint32_t ChoiceAt(uint32_t choice) const;
  void Wanted(const Step& step, int change);

  std::vector<uint32_t> operations_;
  std::vector<Step> steps_;
  std::vector<std::vector<uint32_t>> lanes_;  // by client: its answered operations
  std::vector<uint32_t> heads_;               // by client: how many were taken
  std::vector<uint32_t> pending_;             // never answered
  std::vector<bool> is_taken_;
  std::vector<uint32_t> holds_;     // by key
  std::vector<int> wanted_;         // by cell: reads that wait for it
  std::vector<int> asked_;          // by cell: the same, and operations that were never answered
  std::vector<int> offered_;        // by cell: operations left that set it
  std::vector<bool> is_initial_;    // by cell
  std::vector<bool> has_refusals_;  // by key
  size_t left_ = 0;                 // answered operations
  std::vector<Taken> taken_;
  std::vector<Frame> frames_;
  uint32_t next_choice_ = 0;
  SeenConfigurations seen_;
  Fingerprint fingerprint_;
};

}  // namespace replsim::judge
