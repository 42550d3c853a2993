// Texts over a socket between two processes of one program: four bytes of length, and the text.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace replsim {

// Blocks until all of it is written; false where the other side is gone.
bool WriteFrame(int socket, absl::string_view text);
// Blocks until one is there; nothing where the other side is gone.
std::optional<std::string> ReadFrame(int socket);

// Takes the first whole frame off `received`, if there is one.
std::optional<std::string> TakeFrame(std::string* received);

}  // namespace replsim
