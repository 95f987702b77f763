// arXiv's answers as typed pages: each call is one polite request (or the pages of one list) through the Gate, parsed
// on a worker thread. What a page means is decided elsewhere (freshness, follower). Used on the I/O thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "bot/async/async.hpp"
#include "bot/base/result.hpp"
#include "digest/calendar/calendar.hpp"
#include "digest/model/category.hpp"
#include "digest/model/paper.hpp"
#include "digest/sources/arxiv/gate.hpp"
#include "digest/sources/readers/api.hpp"
#include "digest/sources/readers/feed.hpp"
#include "digest/sources/readers/listing_html.hpp"
#include "digest/sources/readers/oai.hpp"

namespace broadsheet::arxiv {

struct Addresses {
  std::string feed = "https://rss.arxiv.org";
  std::string api = "https://export.arxiv.org/api/query";
  std::string oai = "https://oaipmh.arxiv.org/oai";
  std::string site = "https://arxiv.org";
};

struct FeedAnswer {
  bool unchanged = false;  // 304: the page whose etag was sent; `page` is empty
  sources::FeedPage page;
  std::string etag;
};

class Remote {
 public:
  Remote(Gate& gate, Clock& clock, async::Offload& workers, Addresses addresses);

  boost::asio::awaitable<Result<FeedAnswer>> feed(Category category, std::string etag);
  // /list/CAT/new, or /catchup for a past day; all its pages put together.
  boost::asio::awaitable<Result<sources::ListingPage>> listing_page(Category category, std::optional<Day> past);
  // Records of the category that changed since `from` (UTC), whose first version was submitted in the window.
  boost::asio::awaitable<Result<std::vector<Paper>>> harvest(Category category, Day from, Calendar::Window window);
  // The query API by submission time (contracts: arXiv 1.2, 1.6, 1.7): monotone, inside the window, complete.
  boost::asio::awaitable<Result<std::vector<Paper>>> submitted(Category category, Calendar::Window window);

  // One paper by id: OAI-PMH, then the query API, which alone knows older versions. Error (not_found) if arXiv has
  // none.
  boost::asio::awaitable<Result<Paper>> paper(VersionedId id);
  // The query API's own search, cut to quoted words.
  boost::asio::awaitable<Result<std::vector<Paper>>> search(std::vector<std::string> words, std::size_t limit);

 private:
  struct ApiQuery {
    std::vector<std::pair<std::string, std::string>> parameters;
    bool may_be_empty = true;
  };
  boost::asio::awaitable<Result<sources::ListingPage>> one_listing_page(std::string address);
  boost::asio::awaitable<Result<sources::OaiPage>> oai(std::string query);
  boost::asio::awaitable<Result<sources::ApiPage>> api_page(ApiQuery query, std::size_t start, std::size_t most);
  boost::asio::awaitable<Result<std::vector<Paper>>> api_pages(ApiQuery query, std::size_t limit);
  boost::asio::awaitable<Result<Paper>> paper_by_oai(PaperId id);
  boost::asio::awaitable<Result<Paper>> paper_by_api(VersionedId id);

  Gate& gate_;
  Clock& clock_;
  async::Offload& workers_;
  Addresses addresses_;
};

}  // namespace broadsheet::arxiv
