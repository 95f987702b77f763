// An endpoint with a fake model behind a real client, and a store of values in memory.
#pragma once

#include <map>
#include <memory>

#include "bot/endpoint/endpoint.hpp"
#include "bot/net/client.hpp"
#include "tests/fakes/fake_model.hpp"
#include "tests/unit/net/loop.hpp"

namespace broadsheet::test {

class ValuesInMemory final : public store::ValueRepository {
 public:
  std::map<std::string, std::string, std::less<>> values;
  Status put(std::string_view name, std::string_view value) override {
    values[std::string(name)] = value;
    return {};
  }
  Result<std::optional<std::string>> get(std::string_view name) override {
    auto it = values.find(name);
    return it == values.end() ? std::optional<std::string>() : std::optional(it->second);
  }
};

struct EndpointRig : testing::Test {
  Loop loop;
  SystemClock clock;
  async::Offload workers{1};
  Metrics metrics;
  ValuesInMemory values;
  endpoint::Notes notes{&values, false};
  http::Client client{loop.context.get_executor(), workers, clock, {}};
  fakes::FakeModel fake;
  endpoint::EndpointOptions options;
  std::unique_ptr<endpoint::Endpoint> made;

  EndpointRig() {
    options.base_url = fake.base();
    options.model = "some-model";
  }
  ~EndpointRig() override { client.close_idle(); }

  endpoint::Endpoint& endpoint() {
    if (!made)
      made = std::make_unique<endpoint::Endpoint>(
          loop.context.get_executor(), options,
          endpoint::Doors{client, workers, clock, metrics, notes, [] { return 0.01; }});
    return *made;
  }
  // A new process: what is not kept is forgotten.
  void restart() { made.reset(); }

  static model_writer::Question question(std::chrono::milliseconds time = std::chrono::seconds(15)) {
    return {"card",
            "Answer briefly.",
            "Return valid json only.\n[1] Kites fly.\n[2] We map them.",
            R"({"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false})",
            900,
            std::chrono::steady_clock::now() + time};
  }
  Result<model_writer::Answer> ask(std::chrono::milliseconds time = std::chrono::seconds(15)) {
    Result<model_writer::Answer> out;
    auto task = [&]() -> boost::asio::awaitable<void> { out = co_await endpoint().ask(question(time)); };
    loop.run(task());
    return out;
  }
  std::vector<Result<model_writer::Answer>> ask_many(std::size_t count) {
    std::vector<Result<model_writer::Answer>> out(count);
    auto task = [&]() -> boost::asio::awaitable<void> {
      async::TaskGroup group(co_await boost::asio::this_coro::executor);
      auto one = [&](std::size_t i) -> boost::asio::awaitable<void> { out[i] = co_await endpoint().ask(question()); };
      for (std::size_t i = 0; i < count; ++i) group.spawn("ask", one(i));
      co_await group.join();
    };
    loop.run(task());
    return out;
  }
};

}  // namespace broadsheet::test
