// Moving a store from one engine to the other, with nobody at work on either. Blocking.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "bot/base/result.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::store {

// Called after each table: its name and how many rows of it were compared and found the same on both sides.
using Transferred = std::function<void(const std::string& table, std::size_t rows)>;

// Copies everything into a store that is empty, or that an earlier transfer which was interrupted has begun; then
// compares row by row. What open work its sender left is taken over by the rules of the outbox. Errors: those of
// open_store; not_allowed (the target holds other data, or both have one engine), corrupt (a row differs: which).
Status transfer_store(const OpenOptions& from, const OpenOptions& to, const Transferred& told);

}  // namespace broadsheet::store
