// Length-prefixed texts over a socket between two processes of one program: four bytes of length,
// then the text.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace replsim {

// Blocks until everything is written. Returns false if the peer has closed the socket.
bool WriteFrame(int socket, absl::string_view text);
// Blocks until a frame has arrived. Returns nothing if the peer has closed the socket.
std::optional<std::string> ReadFrame(int socket);

// Removes the first complete frame from `received` and returns it, if there is one.
std::optional<std::string> TakeFrame(std::string* received);

}  // namespace replsim
