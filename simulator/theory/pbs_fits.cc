#include "simulator/theory/pbs_fits.h"

namespace replsim {
namespace {

constexpr LatencyMix kSsd = {0.9122, 0.235, 10, 1.66};
constexpr LatencyMix kDiskWrite = {0.38, 1.05, 1.51, 0.183};
constexpr WarsModel kLnkdSsd = {kSsd, kSsd};
constexpr WarsModel kLnkdDisk = {kDiskWrite, kSsd};
constexpr WarsModel kYmmr = {{0.939, 3, 3.5, 0.0028}, {0.982, 1.5, 3.8, 0.0217}};
constexpr WarsModel kWan = {kDiskWrite, kSsd, 75};

constexpr Fit kFits[] = {
    {"LNKD-SSD", kLnkdSsd, 0.01},
    {"LNKD-DISK", kLnkdDisk, 0.1},
    {"YMMR", kYmmr, 1},
    {"WAN", kWan, 0.1},
};

constexpr Quorum OfThree(int r, int w) { return {3, r, w}; }

constexpr PublishedCell kTable[] = {
    {"LNKD-SSD", OfThree(1, 1), 0.66, 0.66, 1.85},
    {"LNKD-SSD", OfThree(1, 2), 0.66, 1.63, 1.79},
    {"LNKD-SSD", OfThree(2, 1), 1.63, 0.65, 0},
    {"LNKD-SSD", OfThree(2, 2), 1.62, 1.64, 0},
    {"LNKD-SSD", OfThree(3, 1), 4.14, 0.65, 0},
    {"LNKD-SSD", OfThree(1, 3), 0.65, 4.09, 0},

    {"LNKD-DISK", OfThree(1, 1), 0.66, 10.99, 45.5},
    {"LNKD-DISK", OfThree(1, 2), 0.65, 20.97, 43.3},
    {"LNKD-DISK", OfThree(2, 1), 1.63, 10.9, 13.6},
    {"LNKD-DISK", OfThree(2, 2), 1.64, 20.96, 0},
    {"LNKD-DISK", OfThree(3, 1), 4.12, 10.89, 0},
    {"LNKD-DISK", OfThree(1, 3), 0.65, 112.65, 0},

    {"YMMR", OfThree(1, 1), 5.58, 10.83, 1364},
    {"YMMR", OfThree(1, 2), 5.61, 427.12, 1352},
    {"YMMR", OfThree(2, 1), 32.6, 10.73, 202, "one sweep in eighty ends so late"},
    {"YMMR", OfThree(2, 2), 33.18, 428.11, 0},
    {"YMMR", OfThree(3, 1), 219.27, 10.79, 0},
    {"YMMR", OfThree(1, 3), 5.63, 1870.86, 0},

    {"WAN", OfThree(1, 1), 3.4, 55.12, 113.0},
    {"WAN", OfThree(1, 2), 3.4, 167.64, 0},
    {"WAN", OfThree(2, 1), 151.3, 56.36, 30.2},
    {"WAN", OfThree(2, 2), 151.31, 167.72, 0},
    {"WAN", OfThree(3, 1), 153.86, 55.19, 0},
    {"WAN", OfThree(1, 3), 3.44, 241.55, 0},
};

const char kProduction[] = "Staleness in Production";
const char kSizing[] = "Quorum Sizing";
const char kEffects[] = "Write Latency Distribution Effects";

std::vector<PublishedText> Texts() {
  using enum PublishedMeasure;
  return {
      {"LNKD-SSD",
       kProduction,
       kLnkdSsd,
       OfThree(1, 1),
       {{kFreshShare, 0, 97.4, 0.1},
        {kFreshShareAtLeast, 5, 99.999, 0.001},
        {kReadMedian, 0, 0.489, 0.001},
        {kWriteMedian, 0, 0.489, 0.001}}},
      {"LNKD-DISK",
       kProduction,
       kLnkdDisk,
       OfThree(1, 1),
       {{kFreshShare, 0, 43.9, 0.1}, {kFreshShare, 10, 92.5, 0.1}, {kWriteMedian, 0, 1.5, 0.01}}},
      {"LNKD-DISK",
       kSizing,
       kLnkdDisk,
       {2, 1, 1},
       {{kFreshShare, 0, 57.5, 0.1}, {kVisibility, 1, 45.3, 0.1}}},
      {"LNKD-DISK",
       kSizing,
       kLnkdDisk,
       {10, 1, 1},
       {{kFreshShare, 0, 21.1, 0.1}, {kVisibility, 1, 53.7, 0.1}}},
      {"YMMR", kProduction, kYmmr, OfThree(1, 1), {{kFreshShare, 0, 89.3, 0.1}}},
      {"WAN", "VLDB", kWan, OfThree(1, 1), {{kFreshShare, 0, 33, 1}}},
      {kSynthetic,
       kEffects,
       {ExponentialMix(4), ExponentialMix(1)},
       OfThree(1, 1),
       {{kFreshShare, 0, 94, 1}, {kVisibility, 0.01, 1, 1}}},
      {kSynthetic,
       kEffects,
       {ExponentialMix(0.1), ExponentialMix(1)},
       OfThree(1, 1),
       {{kFreshShare, 0, 41, 1}, {kVisibility, 1, 65, 1}}},
  };
}

}  // namespace

std::span<const Fit> PbsFits() { return kFits; }
std::span<const PublishedCell> PublishedTable() { return kTable; }

const std::vector<PublishedText>& PublishedTexts() {
  static const std::vector<PublishedText> texts = Texts();
  return texts;
}

}  // namespace replsim
