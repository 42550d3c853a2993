// Published numbers to compare with: Bailis, Venkataraman, Franklin, Hellerstein, Stoica,
// "Probabilistically Bounded Staleness for Practical Partial Quorums", PVLDB 5(8), 2012 (below:
// VLDB), most of them again in the Research Highlight, CACM 57(8), 2014 (below: CACM). The fits are
// of production latencies at LinkedIn (Voldemort, on SSDs and on disks) and Yammer (Riak).
#pragma once

#include <span>
#include <vector>

#include "absl/strings/string_view.h"
#include "simulator/theory/wars.h"

namespace replsim {

struct Fit {
  absl::string_view name;
  WarsModel model;
  double step_ms;  // of the sweep over t: the last digit that Table 4 prints of this fit's t
};

// LNKD-SSD, LNKD-DISK, YMMR, WAN: VLDB Table 3. One number is not the table's: YMMR's W has shape
// 3.5, as in the authors' own simulator, where the table prints 3.35. Only 3.5 gives what the paper
// reports: P(fresh at 0) .893 (published 89.3 %; 3.35 gives .887) and L_w 10.7 ms (10.73 to 10.83;
// 3.35 gives 11.0).
std::span<const Fit> PbsFits();

// A cell of VLDB Table 4: N = 3, 99.9 % each, milliseconds. Latencies over a million operations, t
// by the first crossing of a sweep with 50,000 reads a step (first_crossing.h).
struct PublishedCell {
  absl::string_view fit;
  Quorum quorum;
  double read_ms;
  double write_ms;
  double t_ms;
  absl::string_view known_difference = "";  // why t need not be reproduced; empty: it must
};
std::span<const PublishedCell> PublishedTable();

enum class PublishedMeasure {
  kFreshShare,         // percent of the reads that start `t_ms` after the write's answer
  kFreshShareAtLeast,  // the same, published as a lower bound
  kVisibility,         // ms until 99.9 % are fresh, by the first crossing, in steps of `t_ms`
  kReadMedian,         // ms
  kWriteMedian,        // ms
};

// Numbers of the running text about one model and quorum. The text does not state the steps of its
// sweeps; those given here are the two that the authors' simulator knows, 1 ms and, of fast ones,
// 0.01 ms.
struct PublishedPoint {
  PublishedMeasure measure;
  double t_ms;
  double value;
  double last_digit;  // the unit of the last digit printed
};
struct PublishedText {
  absl::string_view fit;     // or kSynthetic
  absl::string_view source;  // the section, by its title in CACM; VLDB where CACM leaves it out
  WarsModel model;
  Quorum quorum;
  std::vector<PublishedPoint> points;
};
inline constexpr absl::string_view kSynthetic = "EXP";  // N=3, W exponential, A=R=S=Exp(1 per ms)
const std::vector<PublishedText>& PublishedTexts();

}  // namespace replsim
