#include "simulator/analysis/evidence/final_log.h"

namespace replsim {

FinalLog::FinalLog(const Recording& recording) : log_(recording.FinalLog()) {
  if (log_ == nullptr) return;
  by_request_.reserve(log_->size());
  for (const LogEntry& entry : *log_) {
    last_of_epoch_[entry.epoch] = entry.lsn;
    if (entry.key != kNoKey) by_request_.try_emplace({entry.client, entry.sequence}, &entry);
  }
}

const std::vector<LogEntry>& FinalLog::entries() const {
  static const std::vector<LogEntry> kEmpty;
  return log_ == nullptr ? kEmpty : *log_;
}

const LogEntry* FinalLog::Find(uint64_t client, uint64_t sequence) const {
  const auto found = by_request_.find({client, sequence});
  return found == by_request_.end() ? nullptr : found->second;
}

const LogEntry* FinalLog::At(uint64_t epoch, uint64_t lsn) const {
  if (entries().empty() || lsn < entries().front().lsn) return nullptr;
  const uint64_t index = lsn - entries().front().lsn;
  if (index >= entries().size()) return nullptr;
  const LogEntry& entry = entries()[index];
  return entry.lsn == lsn && entry.epoch == epoch ? &entry : nullptr;
}

std::optional<uint64_t> FinalLog::LastOfEpoch(uint64_t epoch) const {
  const auto found = last_of_epoch_.find(epoch);
  if (found == last_of_epoch_.end()) return std::nullopt;
  return found->second;
}

}  // namespace replsim
