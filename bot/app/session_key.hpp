// The key under which an adapter's session is closed in the store: a file beside the database, for its owner only, so
// that a copy of the database alone opens nothing (design: reliability 5, secrets at rest).
#pragma once

#include <string>

#include "bot/app/outside.hpp"
#include "bot/base/result.hpp"
#include "config/secret.hpp"

namespace broadsheet::app {

bool has_session_key(const std::string& data_dir);
// Reads DATA_DIR/session.key; makes it when it is not there.
Result<config::Secret> session_key(const std::string& data_dir, const Random& random);

}  // namespace broadsheet::app
