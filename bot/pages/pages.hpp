// What the service shows over HTTP (spec: interfaces 3): health, metrics, pages, feeds and the JSON interface. One
// table lists every route; the router and openapi.json are both made from it. Store calls run on the Offload pool.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"
#include "bot/base/metrics.hpp"
#include "bot/net/router.hpp"
#include "bot/pages/public_digests.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::pages {

// One line of /readyz.
struct PartState {
  std::string name;  // "storage", "sources", "scheduler", "slack" …
  bool ready = false;
  std::string detail;     // what is wrong, for the operator; no secrets
  bool degraded = false;  // not ready, and everybody else is served all the same: no reason for a 503
};

// A message of a preview target, as the preview platform keeps it.
struct PreviewMessage {
  std::string id, thread;  // `thread`: id of the message that it stands under, or empty
  std::string body;        // {"blocks": […]}
  std::string text;
  Moment at{};
  int edits = 0;
  bool silent = false;
};

struct PagesOptions {
  std::string public_url;  // as readers reach the pages; without a slash at the end
  std::string version;
  std::function<std::vector<PartState>()> parts;  // called on the I/O thread; null: no parts, always ready
  // What stands in a preview target, oldest first. Null: there are no preview targets.
  std::function<boost::asio::awaitable<Result<std::vector<PreviewMessage>>>(std::string name)> preview;
  // Of digests that are a category's own; called on the I/O thread. Null: those of the defaults.
  std::function<Profiles()> profiles;
};

class Pages {
 public:
  // All references must outlive the server that uses the router.
  Pages(store::Store& store, async::Offload& pool, Metrics& metrics, PagesOptions options)
      : store_(store), pool_(pool), metrics_(metrics), options_(std::move(options)) {}

  void install(http::Router& router);
  std::string openapi() const;

 private:
  using Response = http::ServerResponse;
  using Answer = boost::asio::awaitable<Response>;
  using Member = Answer (Pages::*)(http::ServerRequest);
  struct Route {
    const char* pattern;
    const char* summary;
    const char* type;  // of a good answer
    Member member;
  };
  static const std::vector<Route>& routes();

  Answer live(http::ServerRequest request);
  Answer ready(http::ServerRequest request);
  Answer metrics(http::ServerRequest request);
  Answer home(http::ServerRequest request);
  Answer digest(http::ServerRequest request);
  Answer paper(http::ServerRequest request);
  Answer feed(http::ServerRequest request);
  Answer preview(http::ServerRequest request);
  Answer api_paper(http::ServerRequest request);
  Answer api_search(http::ServerRequest request);
  Answer api_digest(http::ServerRequest request);
  Answer api_status(http::ServerRequest request);
  Answer api_description(http::ServerRequest request);
  Answer missing(http::ServerRequest request);

  Profiles profiles() const { return options_.profiles ? options_.profiles() : Profiles{}; }
  boost::asio::awaitable<Result<std::optional<Digest>>> find_digest(http::ServerRequest request);
  boost::asio::awaitable<Result<std::optional<Paper>>> find_paper(http::ServerRequest request);

  store::Store& store_;
  async::Offload& pool_;
  Metrics& metrics_;
  PagesOptions options_;
};

}  // namespace broadsheet::pages
