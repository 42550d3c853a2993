// The stage trace of a node of another system, as one of our own nodes would have written it. Part
// of the translation (translation.h). Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "common/protocol/trace.h"
#include "simulator/cluster/foreign/full_logs.h"
#include "simulator/cluster/foreign/translation.h"

namespace replsim {

// In order of time. `node`: index into native.nodes.
std::vector<TraceRecord> TraceOf(const NativeRecording& native, const FullLogs& logs, size_t node);

}  // namespace replsim
