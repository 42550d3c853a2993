#include "common/base/version.h"

namespace replsim {

absl::string_view Version() { return REPLSIM_VERSION; }

}  // namespace replsim
