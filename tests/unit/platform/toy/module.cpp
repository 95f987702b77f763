#include "module.hpp"

#include "line_chat.hpp"

namespace broadsheet::toy {
namespace {

app::PlatformPtr unconnected(const config::Settings& /*settings*/, const app::Doors& doors) {
  return std::make_unique<LineChat>(server_address().value_or(boost::asio::ip::tcp::endpoint()), doors.clock);
}

Result<app::PlatformPtr> make(const config::Settings& settings, const app::Doors& doors) {
  return server_address() ? unconnected(settings, doors) : nullptr;
}

app::Addresses addresses(const config::Settings& /*settings*/) {
  if (!server_address()) return {};
  return {{"toy.server", "tcp://" + server_address()->address().to_string()}};
}

}  // namespace

std::optional<boost::asio::ip::tcp::endpoint>& server_address() {
  static std::optional<boost::asio::ip::tcp::endpoint> address;
  return address;
}

app::PlatformModule module() {
  return {traits, make, unconnected, addresses};
}

}  // namespace broadsheet::toy
