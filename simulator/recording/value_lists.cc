#include "simulator/recording/value_lists.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "simulator/recording/file_bytes.h"

namespace replsim {
namespace {

constexpr char kValuesMagic[] = "RSVALUE1";
constexpr size_t kValuesMagicBytes = 8;
// A value has at most 4096 bytes, so only a corrupt file has longer lists.
constexpr size_t kElementsMax = 4096;

}  // namespace

std::vector<WrittenValue> ElementsOf(const std::vector<ListedValue>& lists, uint32_t number) {
  std::vector<WrittenValue> elements;
  while (number != 0 && number <= lists.size() && elements.size() < kElementsMax) {
    const ListedValue& list = lists[number - 1];
    elements.push_back({list.client, list.sequence});
    if (list.before >= number) break;  // a corrupt file
    number = list.before;
  }
  std::reverse(elements.begin(), elements.end());
  return elements;
}

uint32_t ValueLists::NumberOf(const std::vector<WrittenValue>& elements, const NewList& added) {
  uint32_t number = 0;
  for (const WrittenValue& element : elements) {
    const ListedValue list{number, element.client, element.sequence};
    const auto [it, fresh] = numbers_.emplace(Key{number, {element.client, element.sequence}},
                                              static_cast<uint32_t>(numbers_.size() + 1));
    if (fresh) added(list);
    number = it->second;
  }
  return number;
}

absl::Status ValueListWriter::Add(const ListedValue& list) {
  if (!file_.is_open()) {
    file_.open(path_, std::ios::binary | std::ios::trunc);
    file_.write(kValuesMagic, kValuesMagicBytes);
  }
  file_.write(reinterpret_cast<const char*>(&list), sizeof(list));
  file_.flush();
  return file_ ? absl::OkStatus() : CannotWrite(path_);
}

absl::StatusOr<std::vector<ListedValue>> ReadValueLists(const std::string& path) {
  absl::StatusOr<RecordFile<ListedValue>> file =
      ReadRecordFile<ListedValue>(path, kValuesMagicBytes);
  if (absl::IsNotFound(file.status())) return std::vector<ListedValue>();
  if (!file.ok()) return file.status();
  if (file->header != kValuesMagic) {
    return absl::DataLossError(
        absl::StrCat(path, " does not hold the lists of a run: it does not begin with RSVALUE1"));
  }
  return std::move(file->records);
}

}  // namespace replsim
