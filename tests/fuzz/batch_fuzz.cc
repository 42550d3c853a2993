// Any bytes as a batch of records: one that parses is dense in LSN, encodes to the same bytes, and
// can be sliced at each record. The first byte says whether checksums are made to fit.
#include "common/base/check.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/records.h"

namespace replsim {

void FuzzOne(absl::string_view input) {
  if (input.empty()) return;
  std::string bytes(input.substr(1));
  if (input[0] % 2 != 0) RepairChecksums(&bytes);
  const BatchPtr batch = ParseBatch(bytes);
  if (batch == nullptr) return;
  std::string again;
  Position last;
  absl::string_view rest = batch->bytes;
  for (Lsn lsn = batch->first;; ++lsn) {
    RecordView record;
    REPL_CHECK(ParseRecord(rest, &record) == ParseOutcome::kRecord);
    REPL_CHECK(record.position.lsn == lsn && record.position.epoch >= last.epoch);
    REPL_CHECK(PeekRecordBytes(rest) == record.encoded_bytes);
    AppendRecord(record.position, record.time, record.payload, &again);
    const BatchPtr one = Slice(batch, lsn, lsn);
    REPL_CHECK(one->bytes == rest.substr(0, record.encoded_bytes));
    rest.remove_prefix(record.encoded_bytes);
    last = record.position;
    if (lsn == batch->last) break;
  }
  REPL_CHECK(rest.empty() && again == bytes);
}

std::vector<std::string> FuzzSeeds() {
  const std::string records = SomeRecords(3, 7, 9);
  return {std::string(1, '\0') + records, std::string(1, '\1') + records};
}

}  // namespace replsim
