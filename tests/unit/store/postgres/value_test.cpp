#include "bot/store/postgres/value.hpp"

#include <gtest/gtest.h>

#include "bot/store/postgres/link.hpp"
#include "server.hpp"

namespace broadsheet::store::postgres {
namespace {

TEST(Values, ComeBackAsTheyWent) {
  auto link = *Link::open(TestServer::instance()->url("postgres"));
  const std::vector<std::string> texts{"", "plain", "a \"quoted\" \\ {thing}, NULL", "NULL", "日本語\n\ttabs"};
  auto answer = link->run("SELECT * FROM unnest($1::text[])", {array_of(texts)});
  ASSERT_TRUE(answer) << answer.error().what();
  ASSERT_EQ(answer->size(), static_cast<int>(texts.size()));
  for (int i = 0; i < answer->size(); ++i) EXPECT_EQ((*answer)[i].text(0), texts[static_cast<std::size_t>(i)]);
  std::string every;
  for (int c = 0; c < 256; ++c) every += static_cast<char>(c);
  EXPECT_EQ((*link->run("SELECT $1::bytea", {Value::bytes(every)}))[0].bytes(0), every);
  EXPECT_TRUE((*link->run("SELECT $1::bigint", {std::optional<Moment>()}))[0].is_null(0));
}

TEST(Values, OfForeignBytesAreMadeStorable) {
  auto link = *Link::open(TestServer::instance()->url("postgres"));
  auto answer = link->run("SELECT $1::text", {std::string("a\0b\xff", 4)});
  ASSERT_TRUE(answer) << answer.error().what();
  EXPECT_EQ((*answer)[0].text(0), "a b\xEF\xBF\xBD");
}

TEST(Failures, AreOfFourKinds) {
  EXPECT_EQ(failure_of("40001"), Failure::conflict);
  EXPECT_EQ(failure_of("40P01"), Failure::conflict);
  for (const char* state : {"", "08006", "57P01", "57P03", "25006", "25P03"})
    EXPECT_EQ(failure_of(state), Failure::lost) << state;
  for (const char* state : {"23505", "42601", "55P03", "53100"}) EXPECT_EQ(failure_of(state), Failure::other) << state;
}

}  // namespace
}  // namespace broadsheet::store::postgres
