// What a source must not forget (arXiv: the silence it asked for), across restarts and between commands that share a
// data folder.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "bot/async/async.hpp"
#include "bot/store/store.hpp"
#include "digest/sources/source.hpp"

namespace broadsheet::loops {

// Tells the source what the store remembers, and from now on the store what the source learns. Store and workers must
// outlive the source's use.
boost::asio::awaitable<void> keep_memory(sources::Source& source, store::Store& store, async::Offload& workers);

// Blocks: for the end of a process, whose stop may have dropped the last write.
void store_memory(const sources::Source& source, store::Store& store);

}  // namespace broadsheet::loops
