// The adapter by itself, in this process, on a real homeserver.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>

#include "adapters/matrix/matrix.hpp"
#include "bot/async/async.hpp"
#include "bot/net/client.hpp"

namespace broadsheet::live {

class Bot {
 public:
  explicit Bot(config::Matrix settings) {
    matrix::Doors doors{client_, clock_, state_, config::Secret("a key for tests"), [this] { return random_(); }};
    auto made = matrix::Matrix::make(std::move(settings), std::move(doors));
    if (!made) throw std::runtime_error(made.error().what());
    platform_ = std::move(*made);
  }
  ~Bot() {
    client_.close_idle();
    io_.restart();
    io_.poll();
  }
  Bot(const Bot&) = delete;
  Bot& operator=(const Bot&) = delete;

  matrix::Matrix& platform() { return *platform_; }
  template <class T>
  T run(boost::asio::awaitable<T> work) {
    std::optional<T> out;
    boost::asio::co_spawn(io_, std::move(work), [&out](const std::exception_ptr& thrown, T value) {
      if (thrown) std::rethrow_exception(thrown);
      out = std::move(value);
    });
    io_.restart();
    while (!out && io_.run_one() > 0) {
    }
    return std::move(*out);
  }

 private:
  class Values final : public adapters::State {
   public:
    adapters::awaitable<Result<std::optional<std::string>>> get(std::string name) override {
      auto it = values_.find(name);
      co_return it == values_.end() ? std::nullopt : std::optional(it->second);
    }
    adapters::awaitable<Status> put(std::string name, std::string value) override {
      values_[name] = std::move(value);
      co_return Status();
    }

   private:
    std::map<std::string, std::string> values_;
  };

  boost::asio::io_context io_{1};
  async::Offload workers_{1};
  SystemClock clock_;
  http::Client client_{io_.get_executor(), workers_, clock_, {.user_agent = "test"}};
  Values state_;
  std::mt19937_64 random_{std::random_device{}()};
  std::unique_ptr<matrix::Matrix> platform_;
};

}  // namespace broadsheet::live
