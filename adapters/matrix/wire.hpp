// One request to the homeserver: addresses, JSON bodies, the bearer header. No token logic. Internal to the adapter.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bot/http/http.hpp"

namespace broadsheet::matrix {

struct Call {
  std::string method = "GET";
  std::string path;  // "/_matrix/client/v3/…", parts already encoded (see path_of)
  std::vector<std::pair<std::string, std::string>> query;
  std::string body;  // JSON, or a form
  std::chrono::milliseconds timeout{30000};
  std::size_t max_response = std::size_t{8} << 20;
  std::string content_type = "application/json";
};

// What came back; status 0: nothing did, and `lost` says how far the request got.
struct Answer {
  int status = 0;
  std::string body;
  http::Headers headers;
  http::TransportError lost;
  bool good() const { return status >= 200 && status < 300; }
};

// Each part percent-encoded: room ids have any form (contracts: Matrix 5).
std::string path_of(std::string_view prefix, const std::vector<std::string>& parts);

class Wire {
 public:
  explicit Wire(http::Transport& transport) : transport_(transport) {}
  void set_base(std::string base);
  const std::string& base() const { return base_; }
  boost::asio::awaitable<Answer> exchange(Call call, std::string bearer);
  // The same to a whole address (OAuth endpoints, well-known).
  boost::asio::awaitable<Answer> exchange_at(std::string url, Call call, std::string bearer);

 private:
  http::Transport& transport_;
  std::string base_;
};

}  // namespace broadsheet::matrix
