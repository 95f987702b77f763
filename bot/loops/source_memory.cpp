#include "bot/loops/source_memory.hpp"

#include <utility>
#include <vector>

#include "bot/base/log.hpp"

namespace broadsheet::loops {
namespace {

using boost::asio::awaitable;
using Memories = std::vector<sources::Memory>;

void put(store::Store& store, const Memories& memories) {
  for (const auto& [name, value] : memories) {
    auto known = store.values().get(name);
    if (known && known->value_or("") == value) continue;
    if (auto put = store.values().put(name, value); !put)
      log::warning("listing.memory_not_stored", {{"name", name}, {"why", put.error().what()}});
  }
}

awaitable<void> save(const sources::Source& source, store::Store& store, async::Offload& workers) {
  auto work = [&store, memories = source.memory()] { put(store, memories); };
  co_await workers.run(std::move(work));
}

Memories kept(store::Store& store, Memories names) {
  for (auto& one : names) {
    auto value = store.values().get(one.name);
    if (!value) log::warning("listing.memory_not_read", {{"name", one.name}, {"why", value.error().what()}});
    one.value = value ? value->value_or("") : std::string();
  }
  return names;
}

}  // namespace

awaitable<void> keep_memory(sources::Source& source, store::Store& store, async::Offload& workers) {
  auto work = [&store, names = source.memory()] { return kept(store, names); };
  for (const auto& one : co_await workers.run(std::move(work)))
    if (!one.value.empty()) source.remember(one);
  source.on_change([&source, &store, &workers] { return save(source, store, workers); });
}

void store_memory(const sources::Source& source, store::Store& store) {
  put(store, source.memory());
}

}  // namespace broadsheet::loops
