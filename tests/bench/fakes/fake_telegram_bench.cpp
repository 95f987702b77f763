// The fake Bot API must outrun the service that it tests: 3,000 messages a second in a fan-out.
#include <benchmark/benchmark.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "tests/fakes/fake_telegram.hpp"

namespace broadsheet::fakes {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

void Sends(benchmark::State& state) {
  SystemClock clock;
  FakeTelegram::Options options;
  options.limits_scale = 0;
  FakeTelegram fake(clock, options);
  for (std::int64_t id = 1; id <= 1000; ++id) {
    TelegramChat chat;
    chat.id = id;
    fake.add_chat(chat);
  }
  std::string text;
  while (text.size() < 1500) text += "A sentence about robots that learn to walk. ";
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  auto base = fake.base();
  auto port = static_cast<std::uint16_t>(std::stoi(base.substr(base.rfind(':') + 1)));
  socket.connect({asio::ip::address_v4::loopback(), port});
  socket.set_option(asio::ip::tcp::no_delay(true));
  boost::beast::flat_buffer buffer;
  std::int64_t n = 0;
  for (auto _ : state) {
    http::request<http::string_body> request(http::verb::post, "/bot" + fake.token() + "/sendMessage", 11);
    request.set(http::field::content_type, "application/json");
    request.body() = R"({"chat_id":)" + std::to_string(n++ % 1000 + 1) + R"(,"text":")" + text +
                     R"(","entities":[{"type":"bold","offset":0,"length":10}]})";
    request.prepare_payload();
    http::write(socket, request);
    http::response<http::string_body> response;
    http::read(socket, buffer, response);
    if (response.result_int() != 200) state.SkipWithError("refused");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(Sends)->UseRealTime();

}  // namespace
}  // namespace broadsheet::fakes
