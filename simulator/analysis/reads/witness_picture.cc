#include "simulator/analysis/reads/witness_picture.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <set>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "simulator/judge/describe.h"
#include "simulator/judge/shrink_witness.h"

namespace replsim {
namespace {

using history::Model;
using Axis = WitnessPicture::Axis;

constexpr double kMargin = 0.06;  // on either side, as a share of the length

// The kinds of items that a history consists of: operations, transactions, or whole-object reads.
struct Item {
  int64_t begin = 0;
  int64_t end = history::kNever;
  uint32_t process = 0;
};

enum class ItemKind { kOperation, kTransaction, kSnapshot };

ItemKind ItemKindOf(Model model) {
  switch (model) {
    case Model::kRegister:
    case Model::kKvAppend:
      return ItemKind::kOperation;
    case Model::kBank:
    case Model::kSet:
      return ItemKind::kSnapshot;
    case Model::kMultiRegister:
    case Model::kTransactions:
    case Model::kListAppend:
    case Model::kLongFork:
      break;
  }
  return ItemKind::kTransaction;
}

// "A" … "Z", "AA", …
std::string LetterOf(size_t number) {
  std::string letter(1, static_cast<char>('A' + number % 26));
  return number < 26 ? letter : LetterOf(number / 26 - 1) + letter;
}

class Painter {
 public:
  Painter(const history::History& history, const judge::Verdict& verdict)
      : history_(history), verdict_(verdict), kind_(ItemKindOf(history.model)) {
    out_.axis = history.has_times ? Axis::kMillis : history.has_lines ? Axis::kRows : Axis::kPlaces;
  }

  WitnessPicture Paint() {
    witness_ = verdict_.witness;
    if (witness_.size() > WitnessPicture::kMostBars) {
      out_.left_out = witness_.size() - WitnessPicture::kMostBars;
      witness_.resize(WitnessPicture::kMostBars);
    }
    if (witness_.empty()) return {};
    ChooseTime();
    for (const size_t index : witness_) AddBar(index, /*witness=*/true);
    if (out_.axis != Axis::kPlaces) AddOthers();
    AddArrows();
    AddFaults();
    return std::move(out_);
  }

 private:
  Item At(size_t index) const {
    switch (kind_) {
      case ItemKind::kOperation: {
        const history::Operation& operation = history_.operations[index];
        return {operation.begin, operation.end, operation.process};
      }
      case ItemKind::kSnapshot: {
        const history::Snapshot& snapshot = history_.snapshots[index];
        return {snapshot.begin, snapshot.end, snapshot.process};
      }
      case ItemKind::kTransaction:
        break;
    }
    const history::Transaction& transaction = history_.transactions[index];
    return {transaction.begin, transaction.end, transaction.session};
  }
  size_t Count() const {
    return kind_ == ItemKind::kOperation  ? history_.operations.size()
           : kind_ == ItemKind::kSnapshot ? history_.snapshots.size()
                                          : history_.transactions.size();
  }

  double Scaled(int64_t time) const {
    return out_.axis == Axis::kMillis ? static_cast<double>(time - history_.origin) / 1e6
                                      : static_cast<double>(time);
  }

  // Covers the witness from its first to its last operation. The bars between arrows decide, so an
  // operation that began long before the others, or ended long after them, does not stretch the
  // picture.
  void ChooseTime() {
    if (out_.axis == Axis::kPlaces) return ChoosePlaces();
    constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
    constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
    int64_t begin = kMost;
    int64_t end = kLeast;
    for (const judge::Precedence& order : verdict_.order) {
      if (order.first != judge::kNone) begin = std::min(begin, EdgeOf(order.first).first);
      if (order.second != judge::kNone) end = std::max(end, EdgeOf(order.second).second);
    }
    if (begin > end) {
      begin = kMost;
      end = kLeast;
    }
    for (const size_t index : witness_) {
      const Item item = At(index);
      if (verdict_.order.empty() || item.end < begin || item.begin > end) {
        begin = std::min(begin, item.begin);
        end = std::max(end, item.end == history::kNever ? item.begin : item.end);
      }
    }
    const double length = std::max(Scaled(end) - Scaled(begin), 1e-3);
    out_.begin = Scaled(begin) - kMargin * length;
    out_.end = Scaled(end) + kMargin * length;
  }
  // The interval of an operation that must be visible if an arrow starts or ends at it.
  std::pair<int64_t, int64_t> EdgeOf(size_t index) const {
    const Item item = At(index);
    return {item.begin, item.end == history::kNever ? item.begin : item.end};
  }

  // Sessions without times: places the operations of the witness one after the other in each
  // session.
  void ChoosePlaces() {
    absl::flat_hash_map<uint32_t, int64_t> used;
    int64_t most = 0;
    for (const size_t index : witness_) {
      places_[index] = used[At(index).process]++;
      most = std::max(most, places_[index]);
    }
    out_.begin = -0.2;
    out_.end = static_cast<double>(most) + 1;
  }

  void AddBar(size_t index, bool witness) {
    const Item item = At(index);
    WitnessPicture::Bar bar;
    bar.row = RowOf(item.process, witness);
    if (out_.axis == Axis::kPlaces) {
      bar.begin = static_cast<double>(places_[index]);
      bar.end = bar.begin + 0.6;
    } else {
      bar.begin = Scaled(item.begin);
      bar.answered = item.end != history::kNever;
      bar.end = bar.answered ? Scaled(item.end) : out_.end;
    }
    if (witness) bar.letter = LetterOf(out_.bars.size());
    bar.label = LabelOf(index);
    bar.text = TextOf(index);
    if (kind_ == ItemKind::kOperation) bar.value = NumberOf(history_.operations[index].value);
    if (witness) drawn_[index] = out_.bars.size();
    out_.bars.push_back(std::move(bar));
  }

  // Rows are identified by name: a client with several operations in flight is several processes.
  size_t RowOf(uint32_t process, bool witness) {
    const std::string& name = history_.processes[process];
    const auto [it, fresh] = rows_.emplace(name, out_.rows.size());
    if (fresh) out_.rows.push_back({name, witness});
    return it->second;
  }

  size_t NumberOf(history::Value value) {
    return values_.emplace(value, values_.size()).first->second;
  }

  std::string LabelOf(size_t index) const {
    if (kind_ == ItemKind::kSnapshot) return "read";
    std::string text = TextOf(index);
    // Removes the client, which names the row, and the line number in parentheses.
    const size_t name = history_.processes[At(index).process].size();
    text.erase(0, std::min(text.size(), name + 1));
    const size_t place = text.rfind(" (");
    if (place != std::string::npos && kind_ == ItemKind::kOperation) text.erase(place);
    return std::string(absl::StripAsciiWhitespace(text));
  }
  std::string TextOf(size_t index) const {
    switch (kind_) {
      case ItemKind::kOperation: {
        std::string text = judge::Describe(history_, history_.operations[index]);
        if (history_.operations[index].end == history::kNever) text += ", never answered";
        return text;
      }
      case ItemKind::kSnapshot: {
        const history::Snapshot& snapshot = history_.snapshots[index];
        return absl::StrCat(history_.processes[snapshot.process], " read (line ", snapshot.line,
                            ")");
      }
      case ItemKind::kTransaction:
        break;
    }
    return judge::DescribeTransaction(history_, index);
  }

  // Adds the operations closest to the witness, in order of begin.
  void AddOthers() {
    std::set<uint32_t> keys;
    if (kind_ == ItemKind::kOperation) {
      for (const size_t index : witness_) keys.insert(history_.operations[index].key);
    }
    std::vector<std::pair<double, size_t>> others;  // distance from the witness, index
    for (size_t index = 0; index < Count(); ++index) {
      if (kind_ == ItemKind::kOperation && keys.count(history_.operations[index].key) == 0) {
        continue;
      }
      if (drawn_.contains(index)) continue;
      const Item item = At(index);
      if (Scaled(item.begin) > out_.end) continue;
      if (item.end != history::kNever && Scaled(item.end) < out_.begin) continue;
      others.emplace_back(Distance(Scaled(item.begin)), index);
    }
    const size_t room =
        WitnessPicture::kMostBars - std::min(WitnessPicture::kMostBars, out_.bars.size());
    if (others.size() > room) {
      std::stable_sort(others.begin(), others.end());
      out_.left_out += others.size() - room;
      others.resize(room);
    }
    std::vector<size_t> chosen;
    for (const auto& [distance, index] : others) chosen.push_back(index);
    std::sort(chosen.begin(), chosen.end());
    for (const size_t index : chosen) AddBar(index, /*witness=*/false);
  }
  double Distance(double begin) const {
    double least = std::numeric_limits<double>::max();
    for (size_t i = 0; i < witness_.size(); ++i) {
      least = std::min(least, std::abs(out_.bars[i].begin - begin));
    }
    return least;
  }

  size_t BarOf(size_t index) const {
    const auto it = drawn_.find(index);
    return it == drawn_.end() ? WitnessPicture::kNoBar : it->second;
  }
  void AddArrows() {
    for (size_t i = 0; i < verdict_.because.size(); ++i) {
      WitnessPicture::Arrow arrow;
      if (i < verdict_.order.size()) {
        arrow.from = BarOf(verdict_.order[i].first);
        arrow.to = BarOf(verdict_.order[i].second);
      }
      arrow.because = verdict_.because[i];
      if (out_.axis == Axis::kMillis && arrow.from != WitnessPicture::kNoBar &&
          arrow.to != WitnessPicture::kNoBar && out_.bars[arrow.from].answered) {
        arrow.gap = std::max(0.0, out_.bars[arrow.to].begin - out_.bars[arrow.from].end);
      }
      out_.arrows.push_back(std::move(arrow));
    }
  }

  void AddFaults() {
    if (out_.axis == Axis::kPlaces) return;
    for (const history::FaultBand& fault : history_.faults) {
      const double begin = Scaled(fault.begin);
      const double end = fault.end == history::kNever ? out_.end : Scaled(fault.end);
      if (end < out_.begin || begin > out_.end) continue;
      out_.faults.push_back({begin, end, fault.text});
    }
  }

  const history::History& history_;
  const judge::Verdict& verdict_;
  const ItemKind kind_;
  std::vector<size_t> witness_;
  WitnessPicture out_;
  absl::flat_hash_map<size_t, size_t> drawn_;    // bars of the witness, by item index
  absl::flat_hash_map<size_t, int64_t> places_;  // place in the session, by item index
  absl::flat_hash_map<std::string, size_t> rows_;
  absl::flat_hash_map<history::Value, size_t> values_;
};

}  // namespace

WitnessPicture PictureOf(const history::History& history, const judge::Verdict& verdict) {
  return Painter(history, verdict).Paint();
}

}  // namespace replsim
