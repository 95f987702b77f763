// The tables on the server: found, made and brought up to date.
#pragma once

#include "bot/store/postgres/pool.hpp"

namespace broadsheet::store::postgres {

inline constexpr int kSchemaVersion = 1;
inline constexpr int kOldestServer = 140000;

// 0: the database holds no store yet.
Result<int> schema_version(Pool& pool);
// Does nothing when the schema is this program's. Of several processes one migrates, the others wait for it. Errors:
// not_allowed (the schema is newer, or older and not `allowed` to change; rights are missing), bad_input (a server or
// an encoding that this program cannot use).
Status migrate(Pool& pool, bool allowed);

}  // namespace broadsheet::store::postgres
