// A Matrix adapter over the real client against the fake homeserver, on one io_context.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "adapters/matrix/matrix.hpp"
#include "bot/async/async.hpp"
#include "bot/net/client.hpp"
#include "tests/fakes/fake_matrix.hpp"

namespace broadsheet::matrix {

class MapState final : public adapters::State {
 public:
  std::map<std::string, std::string> values;
  bool broken = false;
  async::awaitable<Result<std::optional<std::string>>> get(std::string name) override {
    auto it = values.find(name);
    if (it == values.end()) co_return std::optional<std::string>();
    co_return std::optional<std::string>(it->second);
  }
  async::awaitable<Status> put(std::string name, std::string value) override {
    if (broken) co_return Error(ErrorKind::no_space, "full");
    values[name] = std::move(value);
    co_return Status();
  }
};

class ListSink final : public adapters::EventSink {
 public:
  std::vector<model::CommandEvent> commands;
  std::vector<model::PlaceEvent> places;
  int refuse = 0;  // so many next events can't be stored
  async::awaitable<Result<bool>> accept(model::Event event) override {
    if (refuse > 0) {
      --refuse;
      co_return Error(ErrorKind::no_space, "full");
    }
    auto id = std::visit([](const auto& e) { return e.id; }, event);
    if (!seen_.insert(id).second) co_return false;
    if (auto* command = std::get_if<model::CommandEvent>(&event)) commands.push_back(std::move(*command));
    if (auto* place = std::get_if<model::PlaceEvent>(&event)) places.push_back(std::move(*place));
    co_return true;
  }

 private:
  std::set<std::string> seen_;
};

inline constexpr const char* kRoom = "!room:example.org";
inline constexpr const char* kAda = "@ada:example.org";
inline constexpr const char* kBob = "@bob:example.org";

class Rig {
 public:
  explicit Rig(fakes::FakeMatrixOptions options = {}) : server(on_our_clock(options)) {
    settings.homeserver_url = server.base();
    settings.user_id = options.user;
    settings.access_token = config::Secret(options.as_token.empty() ? options.token : options.as_token);
    server.add_room(kRoom, {kAda, kBob});
  }
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;
  ~Rig() {
    stop();
    adapter.reset();
    client.close_idle();
    io.restart();
    io.poll();
  }

  Doors doors() {
    return {client, clock, state, config::Secret("a key for tests"),
            [this] { return ++numbers_ * 0x9e3779b97f4a7c15U; }};
  }
  Matrix& bot() {
    if (!adapter) {
      auto made = Matrix::make(settings, doors());
      EXPECT_TRUE(made) << (made ? "" : made.error().what());
      adapter = std::move(*made);
    }
    return *adapter;
  }
  // As after a restart of the service: what is not in `state` is forgotten.
  void restart_bot() {
    stop();
    adapter.reset();
  }

  template <class T>
  T run(async::awaitable<T> work) {
    std::optional<T> out;
    std::exception_ptr thrown;
    boost::asio::co_spawn(io, std::move(work), [&](std::exception_ptr e, T value) {
      thrown = e;
      out = std::move(value);
    });
    io.restart();
    while (!out && !thrown) io.run_one_for(std::chrono::seconds(20));
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*out);
  }
  void start() {
    tasks = std::make_unique<async::TaskGroup>(io.get_executor());
    tasks->spawn("bot", bot().run(sink));
  }
  void stop() {
    if (!tasks) return;
    tasks->cancel();
    io.restart();
    for (int i = 0; i < 2000 && tasks->size() != 0; ++i) io.run_one_for(std::chrono::milliseconds(5));
    EXPECT_EQ(tasks->size(), 0U) << "does not stop when cancelled";
    tasks.reset();
  }
  template <class Until>
  bool wait(Until until) {
    io.restart();
    auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!until() && std::chrono::steady_clock::now() < end) io.run_one_for(std::chrono::milliseconds(5));
    return until();
  }

  static model::Target room(const std::string& id = kRoom) { return {"matrix", {}, id, {}}; }
  model::OutgoingMessage message(const std::string& text, model::PartKind kind = model::PartKind::card) {
    adapters::Part part;
    part.kind = kind;
    part.document.blocks.emplace_back(doc::Paragraph{{doc::Text{text}}, 0});
    return bot().render({part}, {}).at(0);
  }
  adapters::SendRequest request(const std::string& text, const std::string& key, const model::RemoteId& thread = {}) {
    return {room(), model::DeliveryKey(key), message(text), thread};
  }

  boost::asio::io_context io{1};
  ScaledClock clock{std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()), 20};
  async::Offload resolver{1};
  http::Client client{io.get_executor(), resolver, real_clock_, {.user_agent = "test"}};
  fakes::FakeMatrix server;
  config::Matrix settings;
  MapState state;
  ListSink sink;
  std::unique_ptr<Matrix> adapter;
  std::unique_ptr<async::TaskGroup> tasks;

 private:
  fakes::FakeMatrixOptions on_our_clock(fakes::FakeMatrixOptions options) {
    options.clock = &clock;
    return options;
  }
  std::uint64_t numbers_ = 0;
  static inline SystemClock real_clock_;
};

class Harness : public testing::Test, protected Rig {
 protected:
  explicit Harness(fakes::FakeMatrixOptions options = {}) : Rig(std::move(options)) {}
};

}  // namespace broadsheet::matrix
