#include "bot/loops/source_memory.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "digest/sources/arxiv/arxiv_source.hpp"

namespace broadsheet::loops {
namespace {

using namespace std::chrono_literals;

class Refusing final : public http::Transport {
 public:
  int asked = 0;
  boost::asio::awaitable<http::Outcome> send(http::Request /*request*/) override {
    ++asked;
    co_return http::Response{403, {}, ""};
  }
};

arxiv::StoredListing nothing_stored() {
  return [](Category, Day) -> boost::asio::awaitable<Result<std::optional<Listing>>> {
    co_return std::optional<Listing>();
  };
}

// One process after another over the same store.
struct Remembering : testing::Test {
  std::unique_ptr<store::Store> store = *store::open_memory();
  ManualClock clock{*parse_iso("2026-01-13T06:00:00Z")};
  Refusing transport;

  Result<Paper> ask_in_a_new_process() {
    boost::asio::io_context io{1};
    async::Offload workers{1};
    arxiv::ArxivSource arxiv(io.get_executor(), transport, workers, clock,
                             {.gate = {.min_interval = 0ms}, .addresses = {}, .patience = 60min},
                             arxiv::Calendar::built_in(), nothing_stored());
    Result<Paper> out;
    auto task = [&]() -> boost::asio::awaitable<void> {
      co_await keep_memory(arxiv, *store, workers);
      out = co_await arxiv.paper({*PaperId::parse("2601.00001"), 1});
    };
    boost::asio::co_spawn(io, task, [](const std::exception_ptr& thrown) {
      if (thrown) std::rethrow_exception(thrown);
    });
    io.run();
    return out;
  }
};

TEST_F(Remembering, ADeniedSourceIsLeftAloneByTheNextProcessToo) {
  EXPECT_EQ(ask_in_a_new_process().error().kind(), ErrorKind::refused);
  auto again = ask_in_a_new_process();
  EXPECT_EQ(transport.asked, 1);
  EXPECT_EQ(again.error().retry_after(), 24h);
  EXPECT_NE(again.error().what().find("403"), std::string::npos) << again.error().what();
  clock.advance(24h);
  EXPECT_FALSE(ask_in_a_new_process());
  EXPECT_EQ(transport.asked, 2);
}

TEST_F(Remembering, WhatIsNotASilenceIsIgnored) {
  for (const char* odd : {"", "x", "1", "1 2", "1 2 3", "99999999999999999999 1 1 x", "1 2 x why"}) {
    transport.asked = 0;
    ASSERT_TRUE(store->values().put("arxiv.silence.api", odd));
    EXPECT_FALSE(ask_in_a_new_process());
    EXPECT_EQ(transport.asked, 1) << odd;
  }
}

}  // namespace
}  // namespace broadsheet::loops
