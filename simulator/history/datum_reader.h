// Reads EDN and JSON values one after the other, without copying the text. A file may hold its
// values directly or in one vector or list.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "simulator/history/datum.h"

namespace replsim::history {

class DatumReader {
 public:
  enum class Syntax { kEdn, kJson };
  // `text` must outlive the reader and every datum. `name` starts the location in error messages.
  DatumReader(absl::string_view text, std::string name, Syntax syntax);

  // Reads the next value of the file into `*datum`, whose memory is reused. Returns false at the
  // end of the file. InvalidArgument "NAME:LINE:COLUMN: …" if the text is malformed.
  absl::StatusOr<bool> Next(Datum* datum);

  // An error at a datum: "NAME:LINE: …".
  absl::Status ErrorAt(const Datum& datum, absl::string_view what) const;

 private:
  absl::Status Error(const char* at, absl::string_view what) const;
  void SkipBlanks();
  absl::Status Read(Datum* datum, int depth);
  absl::Status ReadItems(char close, Datum* datum, int depth);
  absl::Status ReadString(Datum* datum);
  absl::Status ReadAtom(Datum* datum);
  absl::Status ReadTagged(Datum* datum, int depth);
  absl::Status Discard(int depth);

  const char* const begin_;
  const char* const end_;
  const char* at_;
  const std::string name_;
  const bool json_;
  uint32_t line_ = 1;
  char close_ = 0;  // closing bracket of the vector or list around all values; 0: none
  bool started_ = false;
};

}  // namespace replsim::history
