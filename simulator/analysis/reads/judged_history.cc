#include "simulator/analysis/reads/judged_history.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "protos/types.pb.h"
#include "simulator/analysis/evidence/fault_groups.h"
#include "simulator/analysis/reads/group_writes.h"

namespace replsim {
namespace {

using history::Value;

class Converter {
 public:
  explicit Converter(const Recording& recording) : recording_(recording) {
    out_.name = recording.folder;
    out_.has_times = true;
    out_.origin = recording.manifest.load_begin_ns();
  }

  history::History Convert() {
    has_transactions_ = std::any_of(recording_.operations.begin(), recording_.operations.end(),
                                    [](const Operation& one) { return one.key_count() > 1; });
    by_value_ = has_transactions_ ||
                std::all_of(recording_.operations.begin(), recording_.operations.end(),
                            [](const Operation& operation) {
                              return operation.is_write || operation.outcome != proto::COMMITTED ||
                                     operation.value().has_value();
                            });
    if (!by_value_) NameLoggedWrites();
    if (std::any_of(recording_.operations.begin(), recording_.operations.end(), IsAppend)) {
      out_.model = history::Model::kKvAppend;
      nothing_ = NewValue("");
    }
    NameProcesses();
    NameNodes();
    AddFaults();
    out_.operations.reserve(recording_.operations.size());
    for (const Operation& operation : recording_.operations) {
      if (operation.is_write) AddWrite(operation);
    }
    recorded_values_ = out_.values.size();
    for (const auto& [index, expected] : expecting_) {
      out_.operations[index].expected = ValueOf(expected);
    }
    for (const Operation& operation : recording_.operations) {
      if (!operation.is_write && operation.outcome == proto::COMMITTED) AddRead(operation);
    }
    std::stable_sort(
        out_.operations.begin(), out_.operations.end(),
        [](const history::Operation& a, const history::Operation& b) { return a.begin < b.begin; });
    return std::move(out_);
  }
  bool has_transactions() const { return has_transactions_; }

 private:
  static bool IsAppend(const Operation& operation) {
    return operation.is_write != 0 && operation.kind == OperationKind::kAppend;
  }

  // A corrupt file may hold any times. Clamping keeps differences between times from overflowing.
  static int64_t WithinReason(int64_t time_ns) {
    return std::clamp<int64_t>(time_ns, 0, int64_t{1} << 60);
  }

  using Request = std::tuple<uint32_t, uint64_t>;  // client and sequence
  using At = std::pair<uint64_t, uint64_t>;        // epoch and LSN

  // Collects the positions of each client's writes in all logs.
  void NameLoggedWrites() {
    for (const NodeRecording& node : recording_.nodes) {
      if (!node.log) continue;
      for (const LogEntry& entry : *node.log) {
        if (entry.key == kNoKey) continue;
        std::vector<At>& positions = positions_[{entry.client, entry.sequence}];
        const At at{entry.epoch, entry.lsn};
        if (std::find(positions.begin(), positions.end(), at) == positions.end()) {
          positions.push_back(at);
        }
      }
    }
  }

  // A client with several operations in flight becomes several processes.
  void NameProcesses() {
    absl::flat_hash_map<uint32_t, int64_t> ended;
    for (const Operation& operation : recording_.operations) {  // in order of completion
      int64_t& end = ended[operation.client];
      if (operation.invoked_ns < end) overlaps_[operation.client] = true;
      end = operation.completed_ns;
    }
  }

  void NameNodes() {
    for (const NodeRecording& node : recording_.nodes) out_.nodes.push_back(node.id);
  }

  void AddFaults() {
    for (const FaultGroup& group : FindFaultGroups(recording_)) {
      const FaultInterval& fault = group.first;
      out_.faults.push_back({WithinReason(fault.begin_ns),
                             fault.end_ns ? WithinReason(*fault.end_ns) : history::kNever,
                             absl::StrCat(absl::StrJoin(group.on, ", "), " ", fault.what)});
    }
  }

  uint32_t ProcessOf(const Operation& operation) {
    const bool overlaps = overlaps_.contains(operation.client);
    const auto it = processes_.find(operation.client);
    if (!overlaps && it != processes_.end()) return it->second;
    const auto number = static_cast<uint32_t>(out_.processes.size());
    out_.processes.push_back(absl::StrCat("client ", operation.client));
    if (!overlaps) processes_[operation.client] = number;
    return number;
  }

  uint32_t KeyOf(uint32_t key) {
    const auto [it, fresh] = keys_.emplace(key, static_cast<uint32_t>(out_.keys.size()));
    if (fresh) out_.keys.push_back(KeyName(key));
    return it->second;
  }

  // `number`: which of its keys, counted from 0.
  history::Operation& Add(const Operation& operation, history::Kind kind, int64_t end,
                          uint32_t number = 0) {
    history::Operation& added = out_.operations.emplace_back();
    added.begin = WithinReason(operation.invoked_ns);
    added.end = end == history::kNever ? end : std::max(added.begin, WithinReason(end));
    added.kind = kind;
    added.key = KeyOf(operation.key + number);
    added.process = ProcessOf(operation);
    if (end != history::kNever && operation.node < out_.nodes.size()) {
      added.node = static_cast<uint16_t>(operation.node + 1);
    }
    added.outcome = end == history::kNever ? history::Outcome::kUnknown : history::Outcome::kYes;
    return added;
  }

  Value NewValue(std::string name) {
    out_.values.push_back(std::move(name));
    return static_cast<Value>(out_.values.size() - 1);
  }

  static history::Kind KindOf(const Operation& write) {
    return write.kind == OperationKind::kCas      ? history::Kind::kCas
           : write.kind == OperationKind::kAppend ? history::Kind::kAppend
                                                  : history::Kind::kWrite;
  }

  // An acknowledged write has one position. Other attempts at it in the logs, and writes with an
  // unknown outcome, are writes that may have happened.
  void AddWrite(const Operation& write) {
    if (write.outcome == proto::REJECTED) return;
    // An append that found no room says nothing about the value's elements.
    if (IsAppend(write) && !write.is_change()) return;
    const std::string name =
        absl::StrCat(IsAppend(write) ? ";c" : "c", write.client, "-", write.sequence);
    if (by_value_) {
      const Value value = write.kind == OperationKind::kDelete ? nothing_ : NewValue(name);
      if (write.kind != OperationKind::kDelete) written_[{write.client, write.sequence}] = value;
      const int64_t end = write.outcome == proto::COMMITTED ? write.completed_ns : history::kNever;
      history::Operation& added = Add(write, KindOf(write), end);
      added.value = value;
      if (write.kind == OperationKind::kCas) {
        expecting_.emplace_back(out_.operations.size() - 1, write.value().value_or(WrittenValue()));
        if (write.no_effect != 0) added.outcome = history::Outcome::kNo;
      }
      for (uint32_t i = 1; i < write.key_count(); ++i) {
        Add(write, history::Kind::kWrite, end, i).value = value;
      }
      return;
    }
    const At acknowledged{write.epoch, write.lsn};
    if (write.outcome == proto::COMMITTED) {
      const Value value = NewValue(name);
      Add(write, history::Kind::kWrite, write.completed_ns).value = value;
      values_[acknowledged] = value;
    }
    const auto positions = positions_.find({write.client, write.sequence});
    if (positions == positions_.end()) return;
    for (const At& at : positions->second) {
      if (write.outcome == proto::COMMITTED && at == acknowledged) continue;
      const Value value = NewValue(absl::StrCat(name, "@", at.first, ":", at.second));
      Add(write, history::Kind::kWrite, history::kNever).value = value;
      values_[at] = value;
    }
  }

  // Writes are recorded at their end, so a recording that is cut short may lack writes that were
  // read.
  bool IsCutShort() const {
    return !recording_.manifest.complete() || recording_.history_cut_short;
  }

  // Adds the unrecorded write that `read` saw: by an unknown client, at any time of the run.
  void AddUnrecordedWrite(const Operation& read, Value value) {
    history::Operation& write = Add(read, history::Kind::kWrite, history::kNever);
    write.begin = recording_.manifest.begin_ns();
    write.process = static_cast<uint32_t>(out_.processes.size());
    out_.processes.push_back("somebody");
    write.value = value;
  }

  // The number of a value; a new one if no operation of the history wrote it.
  Value ValueOf(const WrittenValue& seen) {
    if (seen.empty()) return nothing_;
    const auto [it, fresh] = written_.emplace(Request{seen.client, seen.sequence}, history::kNil);
    if (fresh) it->second = NewValue(ToString(seen));
    return it->second;
  }

  // Padding is left out, as it is of the values that writes write.
  Value ValueOfList(uint32_t number) {
    const auto [it, fresh] = lists_.emplace(number, history::kNil);
    if (!fresh) return it->second;
    std::string text;
    const char* separator = "";
    for (const WrittenValue& element : ElementsOf(recording_.lists, number)) {
      absl::StrAppend(&text, std::exchange(separator, ";"),
                      element.empty() ? "" : ToString(element));
    }
    return it->second = NewValue(std::move(text));
  }

  // Adds the elements of the list that `read` saw and no operation of the history wrote.
  void AddUnrecordedElements(const Operation& read) {
    bool is_first = true;
    for (const WrittenValue& element : ElementsOf(recording_.lists, read.list())) {
      const bool is_append = !std::exchange(is_first, false);
      if (element.empty() || written_.contains({element.client, element.sequence})) continue;
      const Value value = NewValue(absl::StrCat(is_append ? ";" : "", ToString(element)));
      written_[{element.client, element.sequence}] = value;
      AddUnrecordedWrite(read, value);
      if (is_append) out_.operations.back().kind = history::Kind::kAppend;
    }
  }

  // Whether no operation of the history wrote this value; asked at each read in turn. Once for each
  // key, because an unrecorded transaction may have written several.
  bool IsMissing(uint32_t key, Value value) {
    const bool is_recorded = static_cast<size_t>(value) < recorded_values_;
    return !is_recorded && unrecorded_.emplace(key, value).second;
  }

  void AddReadOfValue(const Operation& read) {
    if (read.list() != 0) {
      if (IsCutShort()) AddUnrecordedElements(read);
      const Value value = ValueOfList(read.list());
      Add(read, history::Kind::kRead, read.completed_ns).value = value;
      return;
    }
    const size_t known = out_.values.size();
    const Value value = ValueOf(*read.value());
    // In a complete recording, a value that no operation wrote is itself a violation.
    const bool is_missing =
        has_transactions_ ? IsMissing(read.key, value) : out_.values.size() > known;
    if (is_missing && IsCutShort()) AddUnrecordedWrite(read, value);
    Add(read, history::Kind::kRead, read.completed_ns).value = value;
  }

  void AddRead(const Operation& read) {
    if (has_transactions_ && !read.value()) return;
    if (by_value_) return AddReadOfValue(read);
    Value value = history::kNil;
    if (read.lsn != 0) {
      const auto [it, fresh] = values_.emplace(At{read.epoch, read.lsn}, history::kNil);
      if (fresh) {
        it->second = NewValue(absl::StrCat(read.epoch, ":", read.lsn));
        AddUnrecordedWrite(read, it->second);
      }
      value = it->second;
    }
    Add(read, history::Kind::kRead, read.completed_ns).value = value;
  }

  const Recording& recording_;
  history::History out_;
  absl::flat_hash_map<Request, std::vector<At>> positions_;
  absl::flat_hash_map<At, Value> values_;
  absl::flat_hash_map<Request, Value> written_;
  size_t recorded_values_ = 0;  // values below this number were written by recorded operations
  absl::flat_hash_set<std::pair<uint32_t, Value>> unrecorded_;  // by key; never iterated
  // Compare-and-sets, as indexes in out_.operations, and the values that they expect.
  std::vector<std::pair<size_t, WrittenValue>> expecting_;
  absl::flat_hash_map<uint32_t, Value> lists_;  // by number in the recording
  Value nothing_ = history::kNil;               // of a key that does not exist
  bool has_transactions_ = false;
  bool by_value_ = false;  // every read names the write whose value it saw
  absl::flat_hash_map<uint32_t, bool> overlaps_;
  absl::flat_hash_map<uint32_t, uint32_t> processes_;
  absl::flat_hash_map<uint32_t, uint32_t> keys_;
};

}  // namespace

history::History ToHistoryOfKeys(const Recording& recording) {
  return Converter(recording).Convert();
}

history::History ToJudgedHistory(const Recording& recording) {
  Converter converter(recording);
  history::History history = converter.Convert();
  if (converter.has_transactions()) GroupWrites(&history);
  return history;
}

}  // namespace replsim
