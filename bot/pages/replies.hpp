// Ready-made answers. Internal to bot/pages.
#pragma once

#include <string>

#include "bot/base/result.hpp"
#include "bot/net/server.hpp"

namespace broadsheet::pages {

http::ServerResponse html(std::string body, int status = 200);
http::ServerResponse json(std::string body, int status = 200);
// {"error": {"code": "not_found", "message": …}} with the status that fits the kind.
http::ServerResponse json_error(const Error& error);
int status_of(ErrorKind kind);

// Adds the security headers, an ETag to good answers, and answers 304 when the reader has that very body.
http::ServerResponse finish(http::ServerResponse response, const http::Headers& asked);

}  // namespace broadsheet::pages
