#include "bot/app/store_care.hpp"

#include <filesystem>
#include <stop_token>

#include "bot/base/log.hpp"

namespace broadsheet::app {
namespace {

using boost::asio::awaitable;

constexpr std::chrono::minutes kLook{1};
constexpr std::uintmax_t kLeastRoom = std::uintmax_t{32} << 20;  // a day's listing of every category fits

// Stops a check that nobody waits for any more.
struct StopAtEnd {
  std::stop_source source;
  StopAtEnd() = default;
  StopAtEnd(const StopAtEnd&) = delete;
  StopAtEnd& operator=(const StopAtEnd&) = delete;
  ~StopAtEnd() { source.request_stop(); }
};

}  // namespace

awaitable<void> StoreCare::look_for_damage() {
  if (!store_.upkeep().suspect()) co_return;
  StopAtEnd stop;
  auto sound =
      co_await workers_.run([this, token = stop.source.get_token()] { return store_.upkeep().check_quick(token); });
  if (sound) co_return;
  damage_ = sound.error().what();
  log::error("store.damaged", {{"why", damage_}});
}

// A step at a time, so that everybody else's turn comes in between.
awaitable<void> StoreCare::keep_up() {
  for (bool finished = false; !finished;) {
    auto step = co_await workers_.run([this] { return store_.upkeep().step(); });
    if (!step) {
      log::warning("store.upkeep_waits", {{"why", step.error().what()}});
      if (step.error().kind() == ErrorKind::unavailable) away_ = step.error().what();
      co_return;
    }
    away_.clear();
    finished = step->finished;
    building_ = step->searchable_since.empty()
                    ? std::string()
                    : "the search index is being built; papers since " + step->searchable_since + " can be found";
  }
}

void StoreCare::watch_room() {
  std::error_code ec;
  auto room = std::filesystem::space(data_dir_, ec);
  bool little = !ec && room.available < kLeastRoom;
  if (little && no_room_.empty()) log::error("store.disk_full", {{"folder", data_dir_}, {"fix", "make room"}});
  if (!little && !no_room_.empty()) log::info("store.disk_has_room", {{"folder", data_dir_}});
  no_room_ = little ? "the disk of " + data_dir_ + " is full; make room, nothing stored is lost" : std::string();
}

awaitable<void> StoreCare::run() {
  watch_room();
  co_await look_for_damage();
  while (true) {
    if (damage_.empty()) co_await keep_up();
    co_await async::sleep_for(clock_, kLook);
    watch_room();
  }
}

pages::PartState StoreCare::state() const {
  if (!damage_.empty()) return {"storage", false, damage_};
  if (!no_room_.empty()) return {"storage", false, no_room_};
  if (!away_.empty()) return {"storage", false, away_};
  return {"storage", true, building_};
}

}  // namespace broadsheet::app
