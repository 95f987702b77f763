#include "adapters/matrix/wire.hpp"

#include "bot/http/url.hpp"

namespace broadsheet::matrix {

std::string path_of(std::string_view prefix, const std::vector<std::string>& parts) {
  std::string out(prefix);
  for (const auto& part : parts) out += "/" + http::percent_encode(part);
  return out;
}

void Wire::set_base(std::string base) {
  while (base.ends_with('/')) base.pop_back();
  base_ = std::move(base);
}

boost::asio::awaitable<Answer> Wire::exchange(Call call, std::string bearer) {
  auto url = base_ + call.path;
  co_return co_await exchange_at(std::move(url), std::move(call), std::move(bearer));
}

boost::asio::awaitable<Answer> Wire::exchange_at(std::string url, Call call, std::string bearer) {
  http::Request request;
  request.method = call.method;
  request.url = std::move(url);
  if (!call.query.empty()) request.url += "?" + http::encode_query(call.query);
  if (!bearer.empty()) request.headers.emplace_back("Authorization", "Bearer " + bearer);
  if (call.method != "GET") request.headers.emplace_back("Content-Type", call.content_type);
  request.headers.emplace_back("Accept", "application/json");
  request.body = std::move(call.body);
  request.max_response = call.max_response;
  request.connect_timeout = request.total_timeout = call.timeout;  // long polls wait for their first byte
  auto outcome = co_await transport_.send(std::move(request));
  Answer answer;
  if (!outcome) {
    answer.lost = outcome.failure();
    co_return answer;
  }
  answer.status = outcome.response().status;
  answer.body = std::move(outcome.response().body);
  answer.headers = std::move(outcome.response().headers);
  co_return answer;
}

}  // namespace broadsheet::matrix
