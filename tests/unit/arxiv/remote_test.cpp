// Lists of several pages, from a scripted arXiv: what a fault in the middle of a list does to it.
#include "digest/sources/arxiv/remote.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>

#include "bot/http/url.hpp"

namespace broadsheet::arxiv {
namespace {

using namespace std::chrono_literals;

std::string entry(const std::string& id, const std::string& title = "Kites") {
  return "<entry><id>http://arxiv.org/abs/" + id + "v1</id><title>" + title +
         "</title><published>2026-01-12T10:00:00Z</published><updated>2026-01-12T10:00:00Z</updated></entry>";
}

std::string api_page(std::size_t total, const std::vector<std::string>& entries) {
  std::string out =
      "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:o=\"http://a9.com/-/spec/opensearch/1.1/\"><o:totalResults>" +
      std::to_string(total) + "</o:totalResults>";
  for (const auto& e : entries) out += e;
  return out + "</feed>";
}

std::string oai_page(const std::vector<std::string>& ids, const std::string& token) {
  std::string out = "<OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\"><ListRecords>";
  for (const auto& id : ids)
    out += "<record><header/><metadata><arXivRaw xmlns=\"http://arxiv.org/OAI/arXivRaw/\"><id>" + id +
           "</id><version version=\"v1\"><date>Mon, 12 Jan 2026 10:00:00 GMT</date></version><title>Kites</title>"
           "<authors>Ada Brook</authors><categories>cs.CV</categories></arXivRaw></metadata></record>";
  return out + "<resumptionToken>" + token + "</resumptionToken></ListRecords></OAI-PMH>";
}

constexpr const char* kDeadToken =
    "<OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\"><error code=\"badResumptionToken\">expired</error>"
    "</OAI-PMH>";

class InTurn final : public http::Transport {
 public:
  std::deque<http::Response> answers;
  std::vector<std::map<std::string, std::string>> asked;

  boost::asio::awaitable<http::Outcome> send(http::Request request) override {
    auto target = http::parse_target(request.url.substr(request.url.find('/', 8)));
    asked.emplace_back(target->query.begin(), target->query.end());
    if (answers.empty()) co_return http::Response{503, {}, ""};
    auto out = std::move(answers.front());
    answers.pop_front();
    co_return out;
  }
};

struct Asking : testing::Test {
  boost::asio::io_context io{1};
  ScaledClock clock{*parse_iso("2026-01-13T06:00:00Z"), 100000};
  async::Offload workers{1};
  InTurn transport;
  Gate gate{io.get_executor(), transport, clock, {}};
  Remote remote{gate, clock, workers, {}};
  Category cv = *Category::parse("cs.CV");
  Calendar::Window window = Calendar::built_in().submissions(*parse_day("2026-01-13"));

  template <class T>
  Result<T> run(boost::asio::awaitable<Result<T>> task) {
    Result<T> out;
    boost::asio::co_spawn(io, std::move(task), [&out](const std::exception_ptr& thrown, Result<T> result) {
      if (thrown) std::rethrow_exception(thrown);
      out = std::move(result);
    });
    io.restart();
    io.run();
    return out;
  }
  Result<std::vector<Paper>> submitted() { return run(remote.submitted(cv, window)); }
  Result<std::vector<Paper>> harvested() { return run(remote.harvest(cv, *parse_day("2026-01-12"), window)); }
};

TEST_F(Asking, AdvancesByWhatCameAlsoWhereItCouldNotBeRead) {
  transport.answers = {{200, {}, api_page(3, {entry("2601.00001"), entry("2601.00002", "")})},
                       {200, {}, api_page(3, {entry("2601.00003")})}};
  auto papers = submitted();
  ASSERT_TRUE(papers) << papers.error().what();
  EXPECT_EQ(papers->size(), 2U);
  ASSERT_EQ(transport.asked.size(), 2U);
  EXPECT_EQ(transport.asked[1]["start"], "2");
}

TEST_F(Asking, TakesAPaperOnceWhenTheListShifts) {
  transport.answers = {{200, {}, api_page(3, {entry("2601.00001"), entry("2601.00002")})},
                       {200, {}, api_page(4, {entry("2601.00002"), entry("2601.00003")})}};
  auto papers = submitted();
  ASSERT_TRUE(papers) << papers.error().what();
  EXPECT_EQ(papers->size(), 3U);
}

TEST_F(Asking, RepeatsAnEmptyPageAndThenAsksForSmallerOnes) {
  auto empty = http::Response{200, {}, api_page(3, {})};
  transport.answers = {{200, {}, api_page(3, {entry("2601.00001"), entry("2601.00002")})},
                       empty,
                       empty,
                       {200, {}, api_page(3, {entry("2601.00003")})}};
  auto papers = submitted();
  ASSERT_TRUE(papers) << papers.error().what();
  EXPECT_EQ(papers->size(), 3U);
  std::vector<std::string> starts, sizes;
  for (auto& query : transport.asked) starts.push_back(query["start"]), sizes.push_back(query["max_results"]);
  EXPECT_EQ(starts, (std::vector<std::string>{"0", "2", "2", "2"}));
  EXPECT_EQ(sizes, (std::vector<std::string>{"500", "500", "500", "100"}));
}

TEST_F(Asking, TakesNoResultAtAllForAFault) {
  for (int i = 0; i < 4; ++i) transport.answers.push_back({200, {}, api_page(0, {})});
  auto begun = clock.now();
  auto papers = submitted();
  ASSERT_FALSE(papers);
  EXPECT_EQ(papers.error().kind(), ErrorKind::transient);
  EXPECT_EQ(transport.asked.size(), 4U);
  EXPECT_GE(clock.now() - begun, 335s);  // 5 s, 30 s, 5 min
}

TEST_F(Asking, RejectsPapersOfAnotherTimeAndWithoutADate) {
  auto old = entry("2601.00001");
  old.replace(old.find("2026-01-12"), 10, "2016-01-12");
  auto undated = entry("2601.00001");
  undated.replace(undated.find("2026-01-12"), 10, "           ");
  for (const auto& odd : {old, undated}) {
    transport.answers = {{200, {}, api_page(1, {odd})}};
    EXPECT_FALSE(submitted());
  }
}

TEST_F(Asking, TakesNothingFromARefusal) {
  transport.answers = {{400, {}, api_page(1, {entry("2601.00001")})}};
  auto papers = submitted();
  ASSERT_FALSE(papers);
  EXPECT_EQ(papers.error().kind(), ErrorKind::bad_input);
  transport.answers = {{400, {}, "<rss><channel><title>cs.CV updates on arXiv.org</title></channel></rss>"}};
  EXPECT_FALSE(run(remote.feed(cv, "")));
}

TEST_F(Asking, BeginsAListAgainWhoseTokenDied) {
  transport.answers = {{200, {}, oai_page({"2601.00001"}, "skip%3D1")},
                       {200, {}, kDeadToken},
                       {200, {}, oai_page({"2601.00001"}, "skip%3D1")},
                       {200, {}, oai_page({"2601.00002"}, "")}};
  auto papers = harvested();
  ASSERT_TRUE(papers) << papers.error().what();
  EXPECT_EQ(papers->size(), 2U);
  EXPECT_EQ(transport.asked.at(2)["from"], "2026-01-12");
  EXPECT_EQ(transport.asked.at(3).size(), 2U) << "the token is exclusive";
}

TEST_F(Asking, BeginsAListAgainOnlyOnce) {
  transport.answers = {{200, {}, oai_page({"2601.00001"}, "x")},
                       {200, {}, kDeadToken},
                       {200, {}, oai_page({"2601.00001"}, "x")},
                       {200, {}, kDeadToken}};
  EXPECT_FALSE(harvested());
  EXPECT_EQ(transport.asked.size(), 4U);
}

}  // namespace
}  // namespace broadsheet::arxiv
