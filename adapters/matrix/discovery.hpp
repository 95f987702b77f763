// Finding the homeserver of a user id (contracts: Matrix 2). At login only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>

#include "adapters/matrix/wire.hpp"
#include "bot/base/result.hpp"

namespace broadsheet::matrix {

enum class Discovery : std::uint8_t { ok, ignore, fail_prompt, fail_error };
struct WellKnown {
  Discovery result = Discovery::ignore;
  std::string base_url;  // without a trailing slash
};
// Pure: what an answer of /.well-known/matrix/client says; redirects are the caller's.
WellKnown read_well_known(int status, std::string_view body);
// "https://example.org/.well-known/matrix/client", the port left out.
std::string well_known_url(std::string_view server_name);

// The base address: well-known, at most five redirects, and /versions has to answer there.
boost::asio::awaitable<Result<std::string>> discover(Wire& wire, std::string server_name);

}  // namespace broadsheet::matrix
