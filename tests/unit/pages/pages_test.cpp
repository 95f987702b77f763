#include "bot/pages/pages.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "bot/http/url.hpp"
#include "tests/unit/net/loop.hpp"

namespace broadsheet::pages {
namespace {

using Json = nlohmann::json;

Paper some_paper(const std::string& id, const std::string& title) {
  Paper paper;
  paper.id = *PaperId::parse(id);
  paper.version = 1;
  paper.title = paper.title_raw = title;
  paper.abstract = paper.abstract_raw = "We study <b>tides</b> & lamps.";
  paper.authors = {{"Ada Brook", {}, false}};
  paper.categories = {"cs.CV"};
  return paper;
}

Digest some_digest(const std::string& day) {
  Digest digest;
  digest.key.categories = {*Category::parse("cs.CV")};
  digest.key.day = *parse_day(day);
  digest.written = *parse_iso(day + "T02:00:00Z");
  digest.writer = "extractive/1";
  return digest;
}

std::vector<PreviewMessage> some_messages() {
  PreviewMessage first{"1",
                       "",
                       R"J({"blocks":[{"block":"heading","level":1,"text":[{"text":"The day"}]},
    {"block":"card","content":[{"block":"paragraph","text":[{"text":"<b>","style":"strong"},
      {"text":"a link","link":"https://example.org/1"},{"text":"a trap","link":"javascript:alert(1)"}]}]},
    {"block":"buttons","buttons":[{"label":"Details"}]}]})J",
                       "The day",
                       *parse_iso("2026-01-13T02:00:00Z"),
                       0,
                       false};
  PreviewMessage reply{"2", "1", "not JSON", "A reply", *parse_iso("2026-01-13T02:00:01Z"), 1, true};
  PreviewMessage later{"3", "", "{}", "Later", *parse_iso("2026-01-14T02:00:00Z"), 0, false};
  return {first, reply, later};
}

struct PagesTest : testing::Test {
  PagesTest() : store(std::move(*store::open_memory())) {
    PagesOptions options;
    options.version = "1.2.3";
    options.parts = [this] { return parts; };
    options.preview = [](std::string name) -> boost::asio::awaitable<Result<std::vector<PreviewMessage>>> {
      std::vector<PreviewMessage> out;
      if (name == "demo") out = some_messages();
      co_return out;
    };
    options.profiles = [this] { return profiles; };
    pages = std::make_unique<Pages>(*store, pool, metrics, std::move(options));
    pages->install(router);
    EXPECT_TRUE(store->papers().put({some_paper("2512.00001", "Tides <script>alert(1)</script>")}));
    EXPECT_TRUE(store->digests().put(some_digest("2025-12-18")));
    EXPECT_TRUE(store->digests().put(some_digest("2025-12-19")));
  }
  http::ServerResponse get(const std::string& target, http::Headers headers = {}, const std::string& method = "GET") {
    http::ServerResponse response;
    auto body = [&]() -> boost::asio::awaitable<void> {
      auto parsed = http::parse_target(target);
      http::ServerRequest request;
      request.method = method;
      request.target = target;
      request.path = parsed->path;
      request.segments = parsed->segments;
      request.query = parsed->query;
      request.headers = std::move(headers);
      response = co_await router.route(std::move(request));
    };
    loop.run(body());
    return response;
  }
  Json get_json(const std::string& target, int status = 200) {
    auto response = get(target);
    EXPECT_EQ(response.status, status) << target << "\n" << response.body;
    EXPECT_EQ(response.content_type, "application/json");
    return Json::parse(response.body);
  }

  test::Loop loop;
  std::unique_ptr<store::Store> store;
  Metrics metrics;
  std::vector<PartState> parts{{"storage", true, ""}};
  Profiles profiles;
  http::Router router;
  async::Offload pool{2};
  std::unique_ptr<Pages> pages;
};

TEST_F(PagesTest, TellsHealthAndReadinessOfEachPart) {
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get_json("/readyz")["storage"]["ready"], true);
  parts.push_back({"sources", false, "rss.arxiv.org does not answer"});
  auto body = get_json("/readyz", 503);
  EXPECT_EQ(body["sources"]["detail"], "rss.arxiv.org does not answer");
  EXPECT_EQ(get("/healthz").status, 200);
}

TEST_F(PagesTest, IsReadyThoughDegradedWhereOneReaderIsNotServed) {
  parts.push_back({"subscriptions", false, "1 subscription cannot be served", true});
  auto body = get_json("/readyz", 200);
  EXPECT_EQ(body["subscriptions"]["ready"], false);
  EXPECT_EQ(body["subscriptions"]["degraded"], true);
}

TEST_F(PagesTest, RefusesWhatItsDescriptionDoesNotAllow) {
  for (const char* query : {"q=x&order=oldest", "q=x&limit=", "q=x&limit=1&limit=2", "q=x&offset=-1", "q=", "limit=5"})
    EXPECT_EQ(get_json(std::string("/api/v1/search?") + query, 400)["error"]["code"], "bad_input") << query;
  EXPECT_EQ(get("/api/v1/search?q=x&order=newest&limit=1&offset=0").status, 200);
}

TEST_F(PagesTest, DescribesEveryAnswerThatItGives) {
  auto paths = get_json("/api/v1/openapi.json")["paths"];
  for (const auto& [path, route] : paths.items()) {
    const auto& responses = route["get"]["responses"];
    for (const char* status : {"200", "304", "400", "405", "414", "431", "500", "503"})
      EXPECT_TRUE(responses.contains(status)) << path << " " << status;
    EXPECT_EQ(responses.contains("404"), path.find('{') != std::string::npos) << path;
  }
  const auto& search = paths["/api/v1/search"]["get"];
  EXPECT_EQ(search["parameters"][1]["schema"]["maximum"], 100);
  EXPECT_TRUE(search["responses"]["400"]["content"].contains("application/json"));
  EXPECT_TRUE(paths["/readyz"]["get"]["responses"]["503"]["content"].contains("application/json"));
}

TEST_F(PagesTest, ShowsTheDigestsAndEachOfThem) {
  auto home = get("/");
  EXPECT_EQ(home.status, 200);
  EXPECT_NE(home.body.find("href=\"/d/cs.CV/2025-12-19\""), std::string::npos) << home.body;
  EXPECT_LT(home.body.find("2025-12-19"), home.body.find("2025-12-18"));
  EXPECT_EQ(get("/d/cs.CV/2025-12-19").status, 200);
  EXPECT_EQ(get("/d/cs.CV/latest").body, get("/d/cs.CV/2025-12-19").body);
  for (auto missing : {"/d/cs.CV/2025-12-17", "/d/cs.CV/yesterday", "/d/nonsense/2025-12-19", "/d/cs.RO/latest"})
    EXPECT_EQ(get(missing).status, 404) << missing;
}

// A subscription's own digest is its readers' alone; each address shows one digest.
TEST_F(PagesTest, ShowsOfACategoryItsOwnDigestAndNoSubscriptions) {
  auto own = some_digest("2025-12-20");
  own.note = "for everybody";
  ASSERT_TRUE(store->digests().put(own));
  auto of = [&](const char* note, auto change) {
    auto other = some_digest("2025-12-20");
    other.note = note;
    change(other);
    ASSERT_TRUE(store->digests().put(other));
  };
  of("only for kite lovers", [](Digest& d) { d.key.profile = "aaaa"; });
  of("two categories", [](Digest& d) { d.key.categories.push_back(*Category::parse("cs.RO")); });
  of("the service's own length", [](Digest& d) { d.key.profile = "bbbb"; });
  of("a private day", [](Digest& d) { d.key.profile = "aaaa", d.key.day = *parse_day("2025-12-21"); });
  for (const char* address :
       {"/d/cs.CV/2025-12-20", "/d/cs.CV/latest", "/feed/cs.CV.atom", "/api/v1/digests/cs.CV/latest"}) {
    auto body = get(address).body;
    EXPECT_NE(body.find("for everybody"), std::string::npos) << address;
    for (const char* hidden : {"kite lovers", "two categories", "own length", "private day"})
      EXPECT_EQ(body.find(hidden), std::string::npos) << address << " " << hidden;
  }
  auto home = get("/").body;
  auto address = std::string("/d/cs.CV/2025-12-20");
  ASSERT_NE(home.find(address), std::string::npos);
  EXPECT_EQ(home.find(address), home.rfind(address)) << "one address, one digest";
  EXPECT_EQ(home.find("2025-12-21"), std::string::npos);
  EXPECT_EQ(get("/d/cs.RO/latest").status, 404);
  profiles = {"bbbb"};
  EXPECT_NE(get("/d/cs.CV/2025-12-20").body.find("own length"), std::string::npos)
      << "made with the service's settings";
}

TEST(PublicDigests, RememberTheSettingsThatTheServiceHad) {
  auto store = *store::open_memory();
  EXPECT_EQ(*remember_profile(*store, "aaaa"), Profiles{"aaaa"});
  EXPECT_EQ(*remember_profile(*store, ""), Profiles{"aaaa"});
  EXPECT_EQ(*remember_profile(*store, "bbbb"), (Profiles{"aaaa", "bbbb"}));
  EXPECT_EQ(*remember_profile(*store, "aaaa"), (Profiles{"aaaa", "bbbb"}));
}

TEST_F(PagesTest, ShowsAPaperWithItsTextAsText) {
  auto page = get("/p/2512.00001v1");
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("&lt;script&gt;"), std::string::npos) << page.body;
  EXPECT_EQ(page.body.find("<script"), std::string::npos);
  EXPECT_EQ(page.body.find("<b>tides"), std::string::npos);
  EXPECT_EQ(get("/p/2512.00002").status, 404);
  EXPECT_EQ(get("/p/nonsense").status, 404);
  auto other = get("/p/2512.00001v7");
  EXPECT_EQ(other.status, 404);
  EXPECT_NE(other.body.find("Version 7 of 2512.00001 is not here; version 1 is."), std::string::npos) << other.body;
  EXPECT_NE(get_json("/api/v1/papers/2512.00001v7", 404)["error"]["message"].get<std::string>().find("version 1 is"),
            std::string::npos);
}

TEST_F(PagesTest, FindsPapersWithIdentifiersOfTheOldScheme) {
  EXPECT_TRUE(store->papers().put({some_paper("hep-th/9901001", "Lamps")}));
  for (auto path : {"/p/hep-th/9901001", "/p/hep-th%2F9901001", "/api/v1/papers/hep-th/9901001v1"})
    EXPECT_EQ(get(path).status, 200) << path;
  EXPECT_EQ(get("/p/hep-th/9901002").status, 404);
}

TEST_F(PagesTest, ServesTheFeedAndThePreview) {
  auto feed = get("/feed/cs.CV.atom");
  EXPECT_EQ(feed.status, 200);
  EXPECT_TRUE(feed.content_type.starts_with("application/atom+xml"));
  EXPECT_NE(feed.body.find("<feed"), std::string::npos);
  EXPECT_EQ(get("/feed/nonsense.atom").status, 404);
  auto shown = get("/preview/demo");
  EXPECT_EQ(shown.status, 200);
  for (const char* part : {"<h2>The day</h2>", "<b>&lt;b&gt;</b>", "href=\"https://example.org/1\"",
                           "<span class=\"badge\">Details</span>", "2026-01-13 02:00 UTC", "in the thread", "edited"})
    EXPECT_NE(shown.body.find(part), std::string::npos) << part;
  EXPECT_EQ(shown.body.find("javascript"), std::string::npos);
  EXPECT_LT(shown.body.find("id=\"m3\""), shown.body.find("id=\"m1\"")) << "newest post first";
  EXPECT_LT(shown.body.find("id=\"m1\""), shown.body.find("id=\"m2\"")) << "its thread under it";
  EXPECT_EQ(get("/preview/other").status, 404);
}

TEST_F(PagesTest, AnswersTheJsonInterface) {
  EXPECT_FALSE(get_json("/api/v1/papers/2512.00001").empty());
  EXPECT_EQ(get_json("/api/v1/papers/2512.00002", 404)["error"]["code"], "not_found");
  EXPECT_FALSE(get_json("/api/v1/digests/cs.CV/2025-12-19").empty());
  get_json("/api/v1/digests/cs.CV/2025-12-01", 404);
  auto hits = get_json("/api/v1/search?q=tides");
  ASSERT_EQ(hits["results"].size(), 1U);
  EXPECT_EQ(hits["complete"], true);
  auto status = get_json("/api/v1/status");
  EXPECT_EQ(status["version"], "1.2.3");
  EXPECT_EQ(status["papers"], 1);
  EXPECT_EQ(get_json("/api/v1/nothing", 404)["error"]["code"], "not_found");
}

TEST_F(PagesTest, RefusesBadSearchesWithAReason) {
  for (auto query : {"", "?q=", "?q=a&limit=0", "?q=a&limit=101", "?q=a&limit=x", "?q=a&offset=-1", "?q=a&limit=1x"})
    EXPECT_EQ(get_json(std::string("/api/v1/search") + query, 400)["error"]["code"], "bad_input") << query;
  EXPECT_EQ(get("/api/v1/search?q=" + std::string(1001, 'a')).status, 400);
  for (auto hostile : {"%22", "*", "NEAR(", "%5E", "-", "a%20OR", "%27%3B%20DROP", "%F0%9F%8C%8A"}) {
    auto status = get(std::string("/api/v1/search?q=") + hostile).status;
    EXPECT_TRUE(status == 200 || status == 400) << hostile << " " << status;
  }
}

TEST_F(PagesTest, AnswersNotModifiedToWhoHasThatVeryBody) {
  auto first = get("/");
  std::string etag(http::header(first.headers, "ETag"));
  ASSERT_FALSE(etag.empty());
  auto again = get("/", {{"if-none-match", "\"x\", W/" + etag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_TRUE(again.body.empty());
  EXPECT_EQ(get("/", {{"If-None-Match", "\"x\""}}).status, 200);
  EXPECT_TRUE(store->digests().put(some_digest("2025-12-17")));
  EXPECT_EQ(get("/", {{"If-None-Match", etag}}).status, 200) << "the page changed";
}

TEST_F(PagesTest, SendsSecurityHeadersWithEveryAnswer) {
  for (auto target : {"/", "/healthz", "/nothing", "/api/v1/status", "/p/nonsense"}) {
    auto response = get(target);
    EXPECT_EQ(http::header(response.headers, "X-Content-Type-Options"), "nosniff") << target;
    EXPECT_EQ(http::header(response.headers, "Referrer-Policy"), "no-referrer");
    auto policy = http::header(response.headers, "Content-Security-Policy");
    EXPECT_TRUE(policy.starts_with("default-src 'none'")) << target;
    EXPECT_EQ(policy.find("script-src"), std::string::npos);
  }
}

TEST_F(PagesTest, HasAFriendlyPageForWhatIsNotThere) {
  auto response = get("/nothing/here");
  EXPECT_EQ(response.status, 404);
  EXPECT_TRUE(response.content_type.starts_with("text/html"));
  EXPECT_NE(response.body.find("href=\"/\""), std::string::npos);
  EXPECT_EQ(get("/", {}, "POST").status, 405);
}

TEST_F(PagesTest, DescribesEveryRouteItServes) {
  auto description = get_json("/api/v1/openapi.json");
  EXPECT_EQ(description["info"]["version"], "1.2.3");
  for (auto path : {"/", "/d/{category}/{date}", "/p/{id}", "/feed/{category}.atom", "/preview/{target}", "/healthz",
                    "/readyz", "/metrics", "/api/v1/papers/{id}", "/api/v1/search", "/api/v1/digests/{category}/{date}",
                    "/api/v1/status", "/api/v1/openapi.json"})
    EXPECT_TRUE(description["paths"].contains(path)) << path;
  EXPECT_EQ(description["paths"]["/d/{category}/{date}"]["get"]["parameters"][1]["name"], "date");
}

TEST_F(PagesTest, CountsAnswersByRouteAndStatus) {
  get("/p/2512.00001");
  get("/p/2512.00001");
  auto text = get("/metrics").body;
  EXPECT_NE(text.find("broadsheet_http_requests_total{route=\"/p/{id}\",status=\"200\"} 2\n"), std::string::npos)
      << text;
}

}  // namespace
}  // namespace broadsheet::pages
