#include "bot/net/router.hpp"

#include "bot/http/url.hpp"
#include "tests/unit/net/loop.hpp"

namespace broadsheet::http {
namespace {

// A handler that answers its name and the parameters it got.
Handler named(const std::string& name) {
  return [name](ServerRequest request) -> boost::asio::awaitable<ServerResponse> {
    ServerResponse response;
    response.body = name;
    for (const auto& [key, value] : request.path_parameters) response.body += " " + key + "=" + value;
    co_return response;
  };
}

struct RouterTest : testing::Test {
  RouterTest() {
    router.add("GET", "/", named("root"));
    router.add("GET", "/d/{category}/{date}", named("digest"));
    router.add("GET", "/feed/{category}.atom", named("feed"));
    router.add("GET", "/api/{id}", named("any"));
    router.add("GET", "/api/status", named("status"));
    router.add("POST", "/api/status", named("set"));
  }
  ServerResponse ask(const std::string& method, const std::string& target) {
    test::Loop loop;
    ServerResponse response;
    auto body = [&]() -> boost::asio::awaitable<void> {
      ServerRequest request;
      request.method = method;
      request.segments = parse_target(target)->segments;
      response = co_await router.route(std::move(request));
    };
    loop.run(body());
    return response;
  }
  Router router;
};

TEST_F(RouterTest, FindsExactPathsAndPatterns) {
  EXPECT_EQ(ask("GET", "/").body, "root");
  EXPECT_EQ(ask("GET", "/d/cs.CL/2025-12-19").body, "digest category=cs.CL date=2025-12-19");
  EXPECT_EQ(ask("GET", "/feed/cs.CL.atom").body, "feed category=cs.CL");
  EXPECT_EQ(ask("GET", "/api/hep-th%2F9901001").body, "any id=hep-th/9901001");
}

TEST_F(RouterTest, PrefersTheExactSegment) {
  EXPECT_EQ(ask("GET", "/api/status").body, "status");
  EXPECT_EQ(ask("POST", "/api/status").body, "set");
  EXPECT_EQ(ask("GET", "/api/other").body, "any id=other");
}

TEST_F(RouterTest, Answers404ForUnknownPaths) {
  for (auto target : {"/x", "/d/cs.CL", "/d/cs.CL/2025-12-19/x", "/feed/cs.CL", "/feed/.atom", "//", "/api/"})
    EXPECT_EQ(ask("GET", target).status, 404) << target;
}

TEST_F(RouterTest, Answers405WithAllow) {
  auto response = ask("DELETE", "/api/status");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(header(response.headers, "allow"), "OPTIONS, GET, POST, HEAD");
  EXPECT_EQ(ask("OPTIONS", "/").status, 204);
  EXPECT_EQ(ask("HEAD", "/").status, 200);
}

}  // namespace
}  // namespace broadsheet::http
