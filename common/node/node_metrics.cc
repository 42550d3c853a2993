#include "common/node/node_metrics.h"

#include "common/node/node.h"

namespace replsim {

void AnswerCounts::Add(const AnswerWrite& answer) {
  switch (answer.outcome) {
    case WriteOutcome::kCommitted:
      ++committed;
      if (!answer.is_protected) ++unprotected;
      break;
    case WriteOutcome::kRejected:
      ++rejected;
      break;
    case WriteOutcome::kUnknown:
      ++unknown;
      break;
    default:
      break;  // a ticket that is pending or lost
  }
}

NodeMetrics Node::Metrics() const {
  NodeMetrics metrics;
  metrics.taken = host_.Now();
  metrics.core = core_->Describe();
  metrics.measured = core_->Metrics();
  metrics.answers = answers_;
  const ByteIndex& bytes = trace_.bytes();
  metrics.append_bytes = bytes.At(metrics.core.append.lsn);
  metrics.write_bytes = bytes.At(metrics.core.write);
  metrics.flush_bytes = bytes.At(metrics.core.flush);
  metrics.apply_bytes = bytes.At(metrics.core.apply);
  metrics.commit_bytes = bytes.At(metrics.core.commit);
  return metrics;
}

}  // namespace replsim
