#include "adapters/slack/surfaces.hpp"

#include <nlohmann/json.hpp>

#include "adapters/slack/json.hpp"
#include "adapters/slack/views.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::slack {
namespace {

using adapters::SendOutcome;
using adapters::Sent;

const model::RemoteId kSurface("surface");  // stands for a page or a card, which are no messages
constexpr std::size_t kMostHomes = 1000, kMostLinks = 10000;
constexpr std::chrono::hours kAgain{24};

SendOutcome shown_as(const Answer& answer, std::string_view method) {
  if (answer.ok()) return Sent{kSurface};
  return failed_send(answer, method);
}

}  // namespace

bool Surfaces::wants_card(const std::string& team, const Unfurl& link) {
  auto now = clock_.now();
  std::erase_if(shown_, [now](const auto& one) { return now - one.second >= kAgain; });
  // A composer asks again when the message is sent; that one counts.
  if (link.channel.empty()) return true;
  if (shown_.size() >= kMostLinks) return false;
  return shown_.emplace(team + "/" + link.channel + " " + link.paper, now).second;
}

awaitable<void> Surfaces::open_home(std::string team, std::string user, std::string token) {
  auto key = team + "/" + user;
  if (homes_.try_emplace(key).second) recent_.push_back(key);
  if (recent_.size() > kMostHomes) {
    homes_.erase(recent_.front());
    recent_.pop_front();
  }
  auto answer = co_await api_.post("views.publish", std::move(token), home_view(user, homes_[key]));
  if (!answer.ok()) log::info("slack.home_not_published", {{"code", answer.code}});
}

awaitable<SendOutcome> Surfaces::publish(std::string key, HomeSection part, std::string body, std::string token) {
  auto home = homes_.find(key);
  if (home == homes_.end()) co_return Sent{kSurface};  // closed long ago, or before a restart
  home->second[part.section] = std::move(body);
  co_return shown_as(co_await api_.post("views.publish", std::move(token), home_view(part.user, home->second)),
                     "views.publish");
}

awaitable<SendOutcome> Surfaces::unfurl(Unfurl link, model::OutgoingMessage said, std::string token) {
  // An answer without the paper's own address is an excuse, and nobody asked for that.
  bool card = said.body.find("/abs/" + link.paper) != std::string::npos;
  if (!card) co_return Sent{kSurface};
  co_return shown_as(co_await api_.post("chat.unfurl", std::move(token), unfurl_body(link, said.preview)),
                     "chat.unfurl");
}

awaitable<std::optional<SendOutcome>> Surfaces::show(adapters::ReplyRequest request, std::string token) {
  const auto& to = request.to;
  if (auto part = read_home_handle(to.handle))
    co_return co_await publish(to.target.workspace + "/" + part->user, *part, request.message.body, std::move(token));
  if (auto link = read_unfurl_handle(to.handle)) co_return co_await unfurl(*link, request.message, std::move(token));
  co_return std::nullopt;
}

}  // namespace broadsheet::slack
