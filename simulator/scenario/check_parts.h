// The parts of CheckScenario, one file each.
#pragma once

#include <string>
#include <utility>

#include "simulator/scenario/check.h"

namespace replsim {

// What every part needs: the scenario, and a way to say what is wrong at a path.
struct CheckContext {
  const proto::Scenario& scenario;
  const Places& places;
  Mistakes* mistakes;

  // Whether what stands at that path was read: a check that looks at two settings says nothing of
  // one where the other is a mistake already.
  bool Known(const std::string& path) const { return !places.IsUnread(path); }

  // Nothing, where the reader has complained of that path already.
  void Refuse(const std::string& path, std::string text) const {
    if (!places.IsUnread(path)) mistakes->Add(places.Find(path), std::move(text));
  }
};

void CheckReplication(const CheckContext& context);
void CheckDurability(const CheckContext& context);
void CheckWorkload(const CheckContext& context);
void CheckFaults(const CheckContext& context);
// Of network links and of link faults; groups have been spelled out.
void CheckEnds(const CheckContext& context, const std::string& path,
               const std::vector<std::string>& from, const std::vector<std::string>& to);
void CheckDrift(const CheckContext& context, const std::string& path, double drift);
void CheckDelay(const CheckContext& context, const std::string& path, const proto::Delay& delay);
void CheckLoss(const CheckContext& context, const std::string& path, double loss);
// Whether the nodes can hear of each other before they lose patience, over the links as `network`
// sets them.
void CheckPatience(const CheckContext& context);
void CheckBandwidth(const CheckContext& context, const std::string& path,
                    const proto::Bandwidth& bandwidth);

}  // namespace replsim
