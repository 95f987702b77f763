// How a row of the outbox stands in its table, on every engine.
#pragma once

#include "bot/base/result.hpp"
#include "bot/model/outbox_row.hpp"
#include "bot/store/row.hpp"

namespace broadsheet::store {

// In the order in which rows are read.
inline constexpr const char* kOutboxColumns =
    "id, key, target, grp, part, kind, in_thread, state, attempt, first_t0, t0, due, expires, on_unknown, remote_id, "
    "error, times_unknown, term";

Result<model::OutboxRow> read_outbox_row(const Row& row);

}  // namespace broadsheet::store
