// How a file is read where its format leaves it open.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "simulator/history/history.h"

namespace replsim::history {

enum class Format {
  kAuto,
  kJepsen,     // EDN
  kJepsenLog,  // a Jepsen log, as Porcupine reads it
  kKv,         // Porcupine's key-value files
  kJson,       // Jepsen's maps as JSON
  kPlume,
  kAwdit,
  kDbcop,
};

struct ReadOptions {
  Format format = Format::kAuto;
  std::optional<Model> model;          // default: found from the operations
  std::optional<std::string> initial;  // of every register; default nil
  // A compare-and-set that failed: true: it was answered that the value was another one; false: it
  // did not happen, for any reason. Default: as the format has it.
  std::optional<bool> failed_cas_is_answer;
  // What a read of nil means: true: nothing is there; false: not known. Default: as the format.
  std::optional<bool> nil_is_empty;
};

}  // namespace replsim::history
