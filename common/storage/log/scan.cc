#include "common/storage/log/scan.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"

namespace replsim {
namespace {

class Scanner {
 public:
  Scanner(FileSystem& fs, const RecordVisitor& visit) : fs_(fs), visit_(visit) {}

  absl::StatusOr<LogScan> Run(const std::string& folder, bool truncate_corruption,
                              const std::string& archive) {
    if (!archive.empty() && fs_.List(archive).ok()) REPL_RETURN_IF_ERROR(AddSegments(archive));
    // With archived segments the log begins at the first of them, not at the front.
    if (scan_.segments.empty()) {
      REPL_ASSIGN_OR_RETURN(scan_.recovery.front, LoadLogFront(fs_, folder));
    }
    scan_.recovery.last = scan_.recovery.front.before;
    scan_.recovery.bytes = scan_.recovery.front.bytes;
    REPL_RETURN_IF_ERROR(AddSegments(folder));
    for (size_t i = 0; i < scan_.segments.size(); ++i) {
      const absl::Status status = ScanSegment(i);
      if (truncate_corruption && absl::IsDataLoss(status)) {
        CutFrom(i, status);
      } else {
        REPL_RETURN_IF_ERROR(status);
      }
    }
    return std::move(scan_);
  }

 private:
  absl::Status AddSegments(const std::string& folder) {
    REPL_ASSIGN_OR_RETURN(const std::vector<std::string> names, fs_.List(folder));
    for (const std::string& name : names) {  // sorted, so ascending in LSN
      const std::optional<Lsn> first = ParseSegmentName(name);
      if (!first) continue;
      ScannedSegment segment;
      segment.path = absl::StrCat(folder, "/", name);
      segment.first = *first;
      if (*first < scan_.recovery.front.first()) {
        scan_.dropped.push_back(segment.path);
      } else {
        scan_.segments.push_back(std::move(segment));
      }
    }
    return absl::OkStatus();
  }

  Lsn next() const { return scan_.recovery.last.lsn + 1; }

  // Keeps the intact part of segment `i`. The whole segment is dropped if it does not follow the
  // segment before it.
  void CutFrom(size_t i, const absl::Status& why) {
    const bool follows = scan_.segments[i].first == scan_.recovery.last.lsn + 1;
    const size_t kept = i + (scan_.segments[i].end > 0 || follows ? 1 : 0);
    for (size_t j = kept; j < scan_.segments.size(); ++j) {
      scan_.after_corruption.push_back(scan_.segments[j].path);
    }
    scan_.segments.resize(kept);
    scan_.torn = scan_.damaged = kept > i;
    scan_.recovery.cut = absl::StrCat(why.message(), " (corruption)");
  }

  absl::Status Damaged(const ScannedSegment& segment, uint64_t offset, absl::string_view what) {
    return absl::DataLossError(absl::StrCat(segment.path, ": at offset ", offset, ", where LSN ",
                                            next().value(), " was expected after ",
                                            ToString(scan_.recovery.last), ": ", what));
  }

  absl::Status ScanSegment(size_t i) {
    ScannedSegment& segment = scan_.segments[i];
    segment.bytes_before = scan_.recovery.bytes;
    if (segment.first != next()) {
      return Damaged(segment, 0,
                     absl::StrCat("the segment begins with LSN ", segment.first.value(),
                                  ": records or a whole segment are missing"));
    }
    REPL_ASSIGN_OR_RETURN(const std::string data, ReadWholeFile(fs_, segment.path));
    segment.size = data.size();
    const std::optional<SegmentHeader> header = ParseSegmentHeader(data);
    if (header) {
      REPL_RETURN_IF_ERROR(CheckHeader(segment, *header));
      segment.end = kSegmentHeaderBytes;
      REPL_RETURN_IF_ERROR(ScanRecords(data, segment));
    }
    return JudgeRest(i, data);
  }

  absl::Status CheckHeader(const ScannedSegment& segment, const SegmentHeader& header) {
    if (header.version != kSegmentVersion) {
      return absl::FailedPreconditionError(
          absl::StrCat(segment.path, ": segment format ", header.version, "; this version reads ",
                       kSegmentVersion, ": start the node with the version that wrote it"));
    }
    if (header.first == segment.first) return absl::OkStatus();
    return Damaged(
        segment, 0,
        absl::StrCat("the header says the segment begins with LSN ", header.first.value()));
  }

  absl::Status ScanRecords(absl::string_view data, ScannedSegment& segment) {
    Recovery& recovery = scan_.recovery;
    RecordView record;
    while (ParseRecord(data.substr(segment.end), &record) == ParseOutcome::kRecord) {
      if (record.position.lsn != next()) {
        return Damaged(segment, segment.end,
                       absl::StrCat("found ", ToString(record.position), ", a hole in the log"));
      }
      if (record.position.epoch < recovery.last.epoch) {
        return Damaged(segment, segment.end,
                       absl::StrCat("found ", ToString(record.position), ", of an older epoch"));
      }
      if (recovery.epochs.starts().empty() || record.position.epoch > recovery.last.epoch) {
        recovery.epochs.Begin(record.position.epoch, record.position.lsn);
      }
      if (visit_) visit_(record);
      segment.index.Add(record.position.lsn, segment.end);
      recovery.last = record.position;
      recovery.bytes += record.encoded_bytes;
      segment.end += record.encoded_bytes;
    }
    return absl::OkStatus();
  }

  // Classifies the bytes after the last intact record. Zeros are fine. In the last segment, other
  // bytes are a torn tail if no intact record follows, or if a sector never reached the disk
  // although later ones did. Everything else is corruption.
  absl::Status JudgeRest(size_t i, absl::string_view data) {
    const ScannedSegment& segment = scan_.segments[i];
    const bool is_last = i + 1 == scan_.segments.size();
    const size_t last_used = data.find_last_not_of('\0');
    const bool clean = last_used == absl::string_view::npos || last_used < segment.end;
    if (segment.end > 0 && clean) return absl::OkStatus();

    const absl::string_view what = segment.end == 0 ? "a corrupt header" : "no intact record";
    const auto later = FindRecord(data, segment.end, scan_.recovery.last.lsn);
    if (later && !(is_last && segment.end > 0 && MissesSector(data, segment.end))) {
      return Damaged(segment, segment.end,
                     absl::StrCat(what, ", but an intact one, ", ToString(later->position),
                                  ", at offset ", later->offset));
    }
    if (!is_last) {
      return Damaged(segment, segment.end,
                     absl::StrCat(what, ", but a later segment, ", scan_.segments[i + 1].path));
    }
    scan_.torn = true;
    if (clean) return absl::OkStatus();
    const std::string name = segment.path.substr(segment.path.find_last_of('/') + 1);
    scan_.recovery.cut = absl::StrCat(
        name, ": ", last_used + 1 - segment.end, " bytes after ", ToString(scan_.recovery.last),
        " at offset ", segment.end, " were not a complete ", segment.end == 0 ? "header" : "record",
        " (torn tail) and were truncated");
    return absl::OkStatus();
  }

  FileSystem& fs_;
  const RecordVisitor& visit_;
  LogScan scan_;
};

}  // namespace

absl::StatusOr<LogScan> ScanLog(FileSystem& fs, const std::string& folder,
                                const RecordVisitor& visit, bool truncate_corruption,
                                const std::string& archive) {
  absl::StatusOr<LogScan> scan = Scanner(fs, visit).Run(folder, truncate_corruption, archive);
  if (!absl::IsDataLoss(scan.status())) return scan;
  return absl::DataLossError(
      absl::StrCat(scan.status().message(),
                   ". The log is left as it is. Promote a replica, then restart this node as a "
                   "replica: it truncates the log at the corruption and resyncs from the primary"));
}

absl::Status ReadLog(FileSystem& fs, const std::string& folder, Recovery* recovery,
                     const std::function<void(const RecordView&)>& visit,
                     const std::string& archive) {
  REPL_ASSIGN_OR_RETURN(LogScan scan,
                        ScanLog(fs, folder, visit, /*truncate_corruption=*/false, archive));
  *recovery = std::move(scan.recovery);
  return absl::OkStatus();
}

}  // namespace replsim
