#include <cstddef>
#include <optional>

#include "absl/strings/str_format.h"
#include "simulator/oracle/oracle.h"

namespace replsim {
namespace {

struct Ballot {
  uint32_t epoch = 0;
  size_t candidate = 0;
};

// A candidacy is a vote of the node for itself.
std::optional<Ballot> BallotOf(const TraceRecord& record, size_t node) {
  switch (static_cast<TraceKind>(record.kind)) {
    case TraceKind::kStands:
      return Ballot{record.epoch, node};
    case TraceKind::kVotes:
      return Ballot{record.epoch, record.peer};
    default:
      return std::nullopt;
  }
}

// Follows the votes of one node, across its restarts.
std::string FindTwoVotesOf(const Recording& recording, size_t node) {
  std::optional<Ballot> last;
  for (const TraceRecord& record : *recording.voter(node).trace) {
    const std::optional<Ballot> ballot = BallotOf(record, node);
    if (!ballot) continue;
    if (last && ballot->epoch < last->epoch) {
      return absl::StrFormat("%s voted in epoch %d, after it had voted in epoch %d",
                             recording.NodeName(node), ballot->epoch, last->epoch);
    }
    if (last && ballot->epoch == last->epoch && ballot->candidate != last->candidate) {
      return absl::StrFormat("%s voted for %s in epoch %d, after it had voted for %s in it",
                             recording.NodeName(node), recording.NodeName(ballot->candidate),
                             ballot->epoch, recording.NodeName(last->candidate));
    }
    last = ballot;
  }
  return "";
}

}  // namespace

std::vector<std::string> FindTwoVotes(const Recording& recording) {
  std::vector<std::string> sentences;
  for (size_t node = 0; node < recording.voter_count(); ++node) {
    if (!recording.voter(node).trace) continue;
    std::string sentence = FindTwoVotesOf(recording, node);
    if (!sentence.empty()) sentences.push_back(std::move(sentence));
  }
  return sentences;
}

}  // namespace replsim
