// Checks the settings of a link: a valid delay distribution, and a bandwidth that lets bytes
// through.
#include <utility>

#include "absl/strings/str_cat.h"
#include "simulator/scenario/check_parts.h"
#include "simulator/scenario/units.h"

namespace replsim {
namespace {

class DelayCheck {
 public:
  DelayCheck(const CheckContext& context, std::string path, const proto::Delay& delay)
      : context_(context), path_(std::move(path)), delay_(delay) {}

  void Run() {
    const int distributions = (delay_.has_uniform() ? 1 : 0) + (delay_.has_normal() ? 1 : 0) +
                              (delay_.has_exponential() ? 1 : 0) + (delay_.has_pareto() ? 1 : 0) +
                              (delay_.mixture().empty() ? 0 : 1) +
                              (delay_.quantiles().empty() ? 0 : 1);
    if (distributions > 1) {
      Refuse("", absl::StrCat("has several distributions; expected one of ", kForms));
    } else if (distributions == 0 && !delay_.has_plus()) {
      Refuse("", absl::StrCat("is empty; expected a duration such as 20ms, or one of ", kForms,
                              ", and plus"));
    }
    CheckUniform();
    if (delay_.has_normal()) {
      Needs(".normal", "mean", delay_.normal().has_mean(), "20ms");
      Needs(".normal", "deviation", delay_.normal().has_deviation(), "3ms");
    }
    if (delay_.has_exponential()) {
      Needs(".exponential", "mean", delay_.exponential().has_mean(), "2ms");
    }
    CheckPareto();
    CheckMixture();
    CheckQuantiles();
  }

 private:
  static constexpr double kMinShape = 0.01;
  static constexpr double kMaxShape = 1000;
  static constexpr double kMaxShare = 1e6;
  static constexpr char kForms[] = "uniform, normal, exponential, pareto, mixture, quantiles";

  void Refuse(const std::string& below, const std::string& text) {
    context_.Refuse(path_ + below, absl::StrCat(path_, below, " ", text));
  }

  bool Needs(const std::string& below, const std::string& key, bool given, const char* example) {
    if (!given) Refuse(below, absl::StrCat("has no '", key, "'; expected e.g. ", example));
    return given;
  }

  void CheckUniform() {
    if (!delay_.has_uniform()) return;
    const proto::Delay::Uniform& uniform = delay_.uniform();
    const bool has_min = Needs(".uniform", "min", uniform.has_min(), "5ms");
    const bool has_max = Needs(".uniform", "max", uniform.has_max(), "9ms");
    if (has_min && has_max && context_.Known(path_ + ".uniform.max") &&
        uniform.min().ns() > uniform.max().ns()) {
      Refuse(".uniform.min", absl::StrCat("is ", ToText(uniform.min()),
                                          ", which is more than max, ", ToText(uniform.max())));
    }
  }

  void CheckPareto() {
    if (!delay_.has_pareto()) return;
    const proto::Delay::Pareto& pareto = delay_.pareto();
    Needs(".pareto", "min", pareto.has_min(), "0.235ms");
    if (Needs(".pareto", "shape", pareto.has_shape(), "10") &&
        !(pareto.shape() >= kMinShape && pareto.shape() <= kMaxShape)) {
      Refuse(".pareto.shape", absl::StrCat("is ", ToText(pareto.shape()), "; expected ", kMinShape,
                                           " to ", kMaxShape));
    }
  }

  void CheckMixture() {
    for (int i = 0; i < delay_.mixture_size(); ++i) {
      const proto::Delay& part = delay_.mixture(i);
      const std::string below = absl::StrCat(".mixture[", i, "]");
      if (Needs(below, "share", part.has_share(), "0.9") &&
          !(part.share() > 0 && part.share() <= kMaxShare)) {
        Refuse(below + ".share",
               absl::StrCat("is ", ToText(part.share()), "; expected a number above 0 and at most ",
                            ToText(kMaxShare)));
      }
      DelayCheck(context_, path_ + below, part).Run();
    }
  }

  // Shares ascend from 0 to 1, and values must not decrease.
  void CheckQuantiles() {
    const auto& quantiles = delay_.quantiles();
    if (quantiles.size() == 1) {
      return Refuse(".quantiles",
                    "has one entry; expected at least the shortest, at 0, and the "
                    "longest, at 1");
    }
    for (int i = 0; i < quantiles.size(); ++i) {
      const proto::Delay::Quantile& quantile = quantiles[i];
      const std::string below = absl::StrCat(".quantiles[", i, "]");
      const bool has_at = Needs(below, "at", quantile.has_at(), "0.99");
      const bool has_is = Needs(below, "is", quantile.has_is(), "1ms");
      if (!has_at || !has_is) return;
      const auto refuse_at = [&](const std::string& expected) {
        Refuse(below + ".at", absl::StrCat("is ", ToText(quantile.at()), "; expected ", expected));
      };
      if (i == 0 && quantile.at() != 0) return refuse_at("0 for the first entry");
      if (i == quantiles.size() - 1 && quantile.at() != 1) return refuse_at("1 for the last entry");
      if (i == 0) continue;
      const proto::Delay::Quantile& before = quantiles[i - 1];
      if (quantile.at() <= before.at()) {
        return refuse_at(absl::StrCat("more than ", ToText(before.at()), ", the entry before it"));
      }
      if (quantile.is().ns() < before.is().ns()) {
        return Refuse(below + ".is",
                      absl::StrCat("is ", ToText(quantile.is()), "; expected at least ",
                                   ToText(before.is()), ", the entry before it"));
      }
    }
  }

  const CheckContext& context_;
  const std::string path_;
  const proto::Delay& delay_;
};

}  // namespace

void CheckDelay(const CheckContext& context, const std::string& path, const proto::Delay& delay) {
  if (delay.has_share()) {
    context.Refuse(
        path + ".share",
        absl::StrCat(path, " does not use 'share', which belongs to a part of a mixture"));
  }
  DelayCheck(context, path, delay).Run();
}

void CheckLoss(const CheckContext& context, const std::string& path, double loss) {
  if (loss >= 0 && loss < 1) return;
  context.Refuse(
      path, absl::StrCat(
                path, " is ", ToText(loss),
                "; expected a probability below 1, e.g. 0.01 (to block a link, use a partition)"));
}

void CheckBandwidth(const CheckContext& context, const std::string& path,
                    const proto::Bandwidth& bandwidth) {
  if (bandwidth.bits_per_second() > 0) return;
  context.Refuse(
      path,
      absl::StrCat(path, " is zero; expected e.g. 100Mbit/s (to block a link, use a partition)"));
}

}  // namespace replsim
