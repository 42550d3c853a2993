// The texts of protos/report.proto and of the files that it imports (generated; see
// simulator/CMakeLists.txt).
#pragma once

namespace replsim {

extern const char kReportProto[];
extern const char kGuaranteesProto[];
extern const char kFailoversProto[];
extern const char kRecordingProto[];

}  // namespace replsim
