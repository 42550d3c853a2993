// Files that go into every page; built into the program (simulator/CMakeLists.txt).
#pragma once

namespace replsim {

extern const char kPageCss[];
extern const char kPageToolsJs[];
extern const char kChartBandsJs[];
extern const char kChartLegendJs[];
extern const char kChartMomentJs[];
extern const char kChartsJs[];
extern const char kUplotJs[];  // third_party/uplot
extern const char kUplotCss[];

}  // namespace replsim
