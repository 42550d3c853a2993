// Reads EDN and JSON values one after the other. Only strings with escapes are copied. A file may
// hold its values directly or in one vector or list.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "simulator/history/datum.h"
#include "simulator/history/datum_arena.h"

namespace replsim::history {

class DatumReader {
 public:
  enum class Syntax { kEdn, kJson };
  // `text` must outlive the reader and every datum. So must `*decoded`, which gets the texts of
  // strings with escapes. `name` starts the location in error messages.
  DatumReader(absl::string_view text, std::string name, Syntax syntax,
              std::deque<std::string>* decoded);

  // Reads the next value of the file into `*datum`, whose items are valid until the next call.
  // Returns false at the end of the file. InvalidArgument "NAME:LINE:COLUMN: …" if the text is
  // malformed.
  absl::StatusOr<bool> Next(Datum* datum);

 private:
  absl::Status Error(const char* at, absl::string_view what) const;
  // Sets error_ and returns false, as the Read functions do after an error.
  bool Fail(const char* at, absl::string_view what);
  bool Read(Datum* datum, int depth);
  bool ReadItems(Datum::Kind kind, char close, Datum* datum, int depth);
  bool ReadString(Datum* datum);
  bool ReadAtom(Datum* datum);
  bool ReadNumber(absl::string_view text, Datum* datum);
  bool ReadTagged(Datum* datum, int depth);
  void SkipBlanks();
  // Whether "#_" follows, which leaves out the next value.
  bool IsAtDiscard() const { return !json_ && end_ - at_ >= 2 && at_[0] == '#' && at_[1] == '_'; }

  const char* const begin_;
  const char* const end_;
  const char* at_;
  const std::string name_;
  const bool json_;
  std::deque<std::string>* const decoded_;
  uint32_t line_ = 1;
  char close_ = 0;  // closing bracket of the vector or list around all values; 0: none
  bool started_ = false;
  absl::Status error_;
  std::vector<Datum> open_;  // items of the values that are not closed yet
  DatumArena closed_;        // items of the other values
};

}  // namespace replsim::history
