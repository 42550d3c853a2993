// Options for reading a history, for questions that a file's format leaves open.
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
  std::optional<Model> model;  // default: derived from the operations
  bool is_mutex = false;       // model kRegister: refuses all operations but acquire and release
  std::optional<std::string> initial;  // initial value of every register; default: nil
  // Meaning of a failed compare-and-set. True: the value was not the expected one (--fail
  // answered). False: it did not happen, for an unknown reason (--fail no-op). Default: true for
  // Jepsen logs, false otherwise. Only used for model kRegister.
  std::optional<bool> failed_cas_is_answer;
  // Meaning of a read of nil. True: the key has no value (--nil empty). False: the value seen is
  // unknown, so the read is left out. Default: true for Jepsen logs, false otherwise. Only used for
  // model kRegister.
  std::optional<bool> nil_is_empty;
};

}  // namespace replsim::history
