// The named points in the life of a write at which a node can be killed or paused. This is the only
// list of them: the nodes, the check of scenarios and `replsim faults` use it.
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
// The action that is about to happen before the point and has happened after it; for people.
const char* Describe(Point point);

// One side of a point: "before-primary.append", "after-primary.append".
struct FailpointName {
  bool after = false;
  Point point = Point::kPrimaryAppend;
  bool operator==(const FailpointName&) const = default;
};

std::string ToString(FailpointName name);
// Absent if `text` names no side of a point.
std::optional<FailpointName> ParseFailpoint(absl::string_view text);

}  // namespace replsim
