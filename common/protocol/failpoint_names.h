// The named points in the life of a write at which a node can be killed or paused. The one list of
// them: the node runtime, the scenario check and `replsim faults` all read it.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace replsim {

enum class Point {
  kPrimaryAppend,
  kPrimaryWrite,
  kPrimaryFlush,
  kPrimarySend,
  kPrimaryGate,
  kPrimaryAck,
  kPrimaryApply,
  kReplicaReceive,
  kReplicaWrite,
  kReplicaFlush,
  kReplicaApply,
  kReplicaAck,
};

constexpr std::array<Point, 12> kAllPoints = {
    Point::kPrimaryAppend, Point::kPrimaryWrite, Point::kPrimaryFlush, Point::kPrimarySend,
    Point::kPrimaryGate,   Point::kPrimaryAck,   Point::kPrimaryApply, Point::kReplicaReceive,
    Point::kReplicaWrite,  Point::kReplicaFlush, Point::kReplicaApply, Point::kReplicaAck,
};

constexpr bool IsReplicaPoint(Point point) { return point >= Point::kReplicaReceive; }

// "primary.append"
const char* Name(Point point);
// What has just not happened yet, or just has, at this point; one line for people.
const char* Describe(Point point);

// One side of a point: "before-primary.append", "after-primary.append".
struct FailpointName {
  bool after = false;
  Point point = Point::kPrimaryAppend;
  bool operator==(const FailpointName&) const = default;
};

std::string ToString(FailpointName name);
std::optional<FailpointName> ParseFailpoint(absl::string_view text);

}  // namespace replsim
