// Matrix as the configuration wants it: whether it is on, and under which key its session is kept.
#pragma once

#include "adapters/matrix/matrix.hpp"
#include "bot/app/platforms.hpp"

namespace broadsheet::app {

// Credentials, or the session that `matrix login` has left (its key file stands in the data folder).
bool matrix_is_on(const config::Settings& settings);
// Errors: the key of the session cannot be read or made.
Result<matrix::Doors> matrix_doors(const config::Settings& settings, const Doors& doors);

}  // namespace broadsheet::app
