// matrix_sender FOLDER BASE USER TOKEN MODE RATE: sends what is in the folder's outbox to a homeserver and ends when
// all of it is delivered. Made to be killed. MODE is "sync" or "appservice"; RATE is the clock's.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <iostream>
#include <random>

#include "adapters/matrix/matrix.hpp"
#include "bot/delivery/dispatcher.hpp"
#include "bot/delivery/sink.hpp"
#include "bot/net/client.hpp"
#include "bot/store/store.hpp"

namespace broadsheet {
namespace {

config::Matrix settings_of(char** words) {
  config::Matrix out;
  out.homeserver_url = words[2];
  out.user_id = words[3];
  out.access_token = config::Secret(words[4]);
  out.mode = words[5];
  out.hs_token = config::Secret("never used here");
  return out;
}

bool all_delivered(store::Store& store) {
  auto counts = store.outbox().counts();
  if (!counts) return false;
  std::size_t others = 0;
  for (const auto& [state, count] : *counts)
    if (state != model::RowState::delivered) others += count;
  return others == 0;
}

int work(char** words) {
  auto system = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  double rate = std::atof(words[6]);
  auto store = store::open_store({.data_dir = words[1]});
  if (!store) return 2;
  // The store's moments have to go on from one life to the next.
  auto begun = (*store)->values().get("test.clock");
  Moment from = system;
  if (begun && *begun) from = Moment(std::chrono::milliseconds(std::stoll(**begun)));
  ScaledClock clock(from, rate);
  boost::asio::io_context io(1);
  async::Offload workers(1);
  http::Client client(io.get_executor(), workers, clock, {.user_agent = "test"});
  delivery::StoredState state(**store, workers);
  std::mt19937_64 random{std::random_device{}()};
  matrix::Doors doors{client, clock, state, config::Secret("a key for tests"), [&random] { return random(); }};
  auto platform = matrix::Matrix::make(settings_of(words), doors);
  if (!platform) return 3;
  Metrics metrics;
  delivery::Dispatcher dispatcher(
      io.get_executor(), (*store)->outbox(), **platform, workers, clock, metrics, [] { return 0.5; },
      [](const delivery::Incident& i) { std::cerr << i.why << "\n"; }, {});
  bool ended = false;
  boost::asio::co_spawn(io, dispatcher.run(), [&ended](const std::exception_ptr&) { ended = true; });
  for (int round = 0; !ended; ++round) {
    io.run_for(std::chrono::milliseconds(5));
    io.restart();
    if (round % 4 == 0 && !(*store)->values().put("test.clock", std::to_string(clock.now().time_since_epoch().count())))
      return 4;
    if (all_delivered(**store)) dispatcher.stop();
  }
  client.close_idle();
  return 0;
}

}  // namespace
}  // namespace broadsheet

int main(int count, char** words) {
  return count == 7 ? broadsheet::work(words) : 1;
}
