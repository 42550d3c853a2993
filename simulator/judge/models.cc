#include "simulator/judge/models.h"

namespace replsim::judge {
namespace {

using history::Kind;
using history::Step;
using history::Value;

// A Mersenne prime, because a product can be reduced by it without division.
constexpr uint64_t kPrime = (uint64_t{1} << 61) - 1;
constexpr uint64_t kBase = 0x1d8af0b7c3e5912fULL % kPrime;

__extension__ using Wide = unsigned __int128;

uint64_t Times(uint64_t a, uint64_t b) {
  const Wide product = static_cast<Wide>(a) * b;
  const uint64_t sum =
      (static_cast<uint64_t>(product) & kPrime) + static_cast<uint64_t>(product >> 61);
  return sum >= kPrime ? sum - kPrime : sum;
}

}  // namespace

AppendModel::Text AppendModel::TextOf(const std::string& text) {
  Text out;
  for (const char c : text) {
    out.hash = (Times(out.hash, kBase) + static_cast<unsigned char>(c) + 1) % kPrime;
  }
  out.length = text.size();
  return out;
}

uint32_t AppendModel::StateOf(const Text& text) {
  const auto [it, fresh] = numbers_.emplace(text, static_cast<uint32_t>(states_.size()));
  if (fresh) states_.push_back(text);
  return it->second;
}

AppendModel::AppendModel(const History& history, const std::vector<size_t>& indexes)
    : KeyOperations(history, indexes) {
  StateOf(Text{});
  for (const size_t index : indexes) {
    const std::string& text = history.TextOf(history.operations[index].value);
    operation_texts_.push_back(TextOf(text));
    uint64_t power = 1;
    for (size_t i = 0; i < text.size(); ++i) power = Times(power, kBase);
    operation_powers_.push_back(power);
  }
}

uint32_t AppendModel::Step(uint32_t state, size_t op) {
  const Text& text = operation_texts_[op];
  switch (at(op).kind) {
    case Kind::kRead:
      return states_[state] == text ? state : kIllegal;
    case Kind::kAppend:
      return StateOf({(Times(states_[state].hash, operation_powers_[op]) + text.hash) % kPrime,
                      states_[state].length + text.length});
    case Kind::kWrite:
    case Kind::kCas:
      break;
  }
  return StateOf(text);
}

StoreModel::StoreModel(const History& history, const std::vector<size_t>& indexes)
    : history_(history), indexes_(indexes) {
  states_.emplace_back(history.keys.size(), history.initial);
  numbers_[states_.back()] = 0;
}

bool StoreModel::IsReadOnly(size_t op) const {
  const Transaction& transaction = at(op);
  for (uint32_t i = 0; i < transaction.count; ++i) {
    if (history_.steps[transaction.first + i].kind != Kind::kRead) return false;
  }
  return true;
}

uint32_t StoreModel::Step(uint32_t state, size_t op) {
  std::vector<Value> values = states_[state];
  const Transaction& transaction = at(op);
  bool changed = false;
  for (uint32_t i = 0; i < transaction.count; ++i) {
    const history::Step& step = history_.steps[transaction.first + i];
    if (step.kind == Kind::kRead) {
      if (values[step.key] != step.value) return kIllegal;
    } else {
      changed |= values[step.key] != step.value;
      values[step.key] = step.value;
    }
  }
  if (!changed) return state;
  const auto [it, fresh] = numbers_.emplace(values, static_cast<uint32_t>(states_.size()));
  if (fresh) states_.push_back(std::move(values));
  return it->second;
}

}  // namespace replsim::judge
