// The silence that arXiv asked for, across restarts and between commands that share a data folder.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "bot/async/async.hpp"
#include "bot/store/store.hpp"
#include "digest/sources/arxiv/gate.hpp"

namespace broadsheet::loops {

// Tells the gate what the store remembers, and from now on the store what the gate hears. Store and workers must
// outlive the gate's use.
boost::asio::awaitable<void> keep_silences(arxiv::Gate& gate, store::Store& store, async::Offload& workers);

// Blocks: for the end of a process, whose stop may have dropped the last write.
void store_silences(const arxiv::Gate& gate, store::Store& store);

}  // namespace broadsheet::loops
