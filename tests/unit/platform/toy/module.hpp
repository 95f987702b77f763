// The toy's row among the platforms of a program.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <optional>

#include "bot/app/platforms.hpp"

namespace broadsheet::toy {

// Where the chat is; nothing: the platform is off.
std::optional<boost::asio::ip::tcp::endpoint>& server_address();

app::PlatformModule module();

}  // namespace broadsheet::toy
