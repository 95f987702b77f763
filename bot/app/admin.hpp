// The operator's changes: in the store, and asked of the running service over loopback.
#pragma once

#include <string>

#include "bot/base/result.hpp"
#include "bot/base/time.hpp"
#include "bot/net/router.hpp"
#include "bot/store/outbox.hpp"
#include "config/settings.hpp"

namespace broadsheet::app {

// "retry" or "drop"; a sentence that says what was done. Errors: not_found, not_allowed, bad_input.
Result<std::string> change_outbox(store::Outbox& outbox, std::int64_t id, const std::string& action,
                                  const std::string& reason, Moment now);

// POSTs to the service of this configuration; its sentence, or its refusal as an Error.
Result<std::string> ask_service(const config::Settings& settings, const std::string& path, const std::string& body);

// True for requests from this machine that no proxy passed on (spec: interfaces 3, /admin).
bool is_local(const http::ServerRequest& request);

}  // namespace broadsheet::app
