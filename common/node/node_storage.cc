#include "common/node/node_storage.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/mutant.h"
#include "common/base/status.h"

namespace replsim {

absl::StatusOr<NodeStorage> NodeStorage::Open(FileSystem& fs, const std::string& folder,
                                              LogOptions options) {
  NodeStorage storage(fs, folder);
  REPL_RETURN_IF_ERROR(fs.MakeFolder(folder));
  REPL_ASSIGN_OR_RETURN(storage.metadata_, LoadMetadata(fs, folder));
  if (Mutated(Mutant::kForgetEpochOnRestart)) storage.metadata_.epoch = Epoch(0);
  REPL_ASSIGN_OR_RETURN(storage.log_, Log::Open(fs, folder + "/log", options, &storage.recovery_));
  const Lsn first = storage.log_->first();
  if (first > Lsn(1)) {
    return absl::FailedPreconditionError(
        absl::StrCat(folder, ": the log begins with LSN ", first.value(),
                     ", and there is no snapshot of the records before it, from which the store "
                     "could be rebuilt: "
                     "delete the folder and restart the node as a replica"));
  }
  // After a crash, records may be only in the page cache; from here on they count as flushed.
  REPL_RETURN_IF_ERROR(storage.log_->Flush());
  const Position last = storage.recovery_.last;
  if (storage.metadata_.history.EpochAt(last.lsn) != last.epoch) {
    return absl::DataLossError(absl::StrCat(
        folder, ": the log ends at ", ToString(last), ", but the metadata says that LSN ",
        last.lsn.value(), " is of epoch ", storage.metadata_.history.EpochAt(last.lsn).value(),
        ": the folder contains files of two nodes or from two points in time; delete it and "
        "restart the node as "
        "a "
        "replica"));
  }
  // A node that has persisted no epoch has reported nothing to anybody.
  storage.was_clean_ = storage.metadata_.clean || storage.metadata_.epoch == Epoch(0);
  if (storage.metadata_.clean && !Mutated(Mutant::kKeepCleanMark)) {
    REPL_RETURN_IF_ERROR(storage.Save(storage.metadata_));
  }
  return storage;
}

absl::Status NodeStorage::Save(Metadata metadata) {
  metadata_ = std::move(metadata);
  metadata_.clean = Mutated(Mutant::kKeepCleanMark) && was_clean_;
  return SaveMetadata(*fs_, folder_, metadata_);
}

absl::Status NodeStorage::MarkClean() {
  REPL_RETURN_IF_ERROR(log_->Flush());
  metadata_.clean = true;
  return SaveMetadata(*fs_, folder_, metadata_);
}

}  // namespace replsim
