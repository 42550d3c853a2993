// The texts of protos/report.proto and of protos/recording.proto, which it imports (generated: see
// simulator/CMakeLists.txt).
#pragma once

namespace replsim {

extern const char kReportProto[];
extern const char kRecordingProto[];

}  // namespace replsim
