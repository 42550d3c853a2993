// Contents of the files that are embedded in pages. simulator/CMakeLists.txt compiles them into the
// program.
#pragma once

namespace replsim {

extern const char kPageCss[];
extern const char kPageToolsJs[];
extern const char kChartBandsJs[];
extern const char kChartLegendJs[];
extern const char kChartMomentJs[];
extern const char kChartsJs[];
extern const char kReplayModelJs[];
extern const char kReplayViewJs[];
extern const char kReplayPlayerJs[];
extern const char kReplayPageJs[];
extern const char kUplotJs[];  // third_party/uplot
extern const char kUplotCss[];

}  // namespace replsim
