// Numbers as text for people.
#pragma once

#include <cstdint>
#include <string>

namespace replsim {

std::string Thousands(uint64_t value);  // 1,998
// Decimals depend on the size of the number: 0.04, 0.4, 9.6, 21, 1,204.
std::string ShortNumber(double value);
std::string MillisText(double ms);                       // 612 ms, 0.4 ms
std::string PercentText(double percent);                 // 11.2 %
std::string BytesText(double bytes);                     // 812 B, 1.4 MB
std::string Counted(uint64_t count, const char* thing);  // 1 write, 1,998 writes

}  // namespace replsim
