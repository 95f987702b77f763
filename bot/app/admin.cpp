#include "bot/app/admin.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "bot/base/clock.hpp"
#include "bot/base/text.hpp"
#include "bot/http/url.hpp"
#include "bot/net/client.hpp"

namespace broadsheet::app {
namespace {

constexpr std::chrono::hours kAnotherDay{24};

// Why a message may still wait there, or nothing.
std::string waits_for(store::Outbox& outbox, const model::Target& target) {
  auto state = outbox.target(target);
  if (!state || state->on) return {};
  return " It waits: nothing is sent to " + target.str() + " now (" + state->why +
         "). That ends when the bot may write there again.";
}

}  // namespace

Result<std::string> change_outbox(store::Outbox& outbox, std::int64_t id, const std::string& action,
                                  const std::string& reason, Moment now) {
  auto name = "Message #" + std::to_string(id);
  auto row = outbox.row(id);
  if (!row) return row.error();
  if (!*row) return Error(ErrorKind::not_found, "there is no message #" + std::to_string(id));
  Error stays(ErrorKind::not_allowed, name + " is " + std::string(to_string((*row)->state)) + " and stays so");
  if (action == "retry") {
    auto again = outbox.retry(id, now, now + kAnotherDay);
    if (!again) return again.error();
    if (!*again) return stays;
    return name + " is sent again as #" + std::to_string(**again) + "." + waits_for(outbox, (*row)->target);
  }
  if (action != "drop") return Error(ErrorKind::bad_input, "\"" + text::ellipsize(action, 20) + "\" is no action");
  auto why = "dropped by the operator" + (reason.empty() ? std::string() : ": " + text::ellipsize(reason, 200));
  auto dropped = outbox.drop(id, now, why);
  if (!dropped) return dropped.error();
  if (!*dropped) return stays;
  return name + " will not be sent.";
}

Result<std::string> ask_service(const config::Settings& settings, const std::string& path, const std::string& body) {
  SystemClock clock;
  boost::asio::io_context io{1};
  async::Offload workers{1};
  http::Client client(io.get_executor(), workers, clock, {});
  http::Request request;
  request.method = "POST";
  request.url = "http://" + settings.service.listen + path;
  request.headers = {{"Content-Type", "text/plain"}};
  request.body = body;
  http::Outcome outcome;
  boost::asio::co_spawn(io, client.send(std::move(request)),
                        [&outcome](const std::exception_ptr&, http::Outcome o) { outcome = std::move(o); });
  io.run();
  if (!outcome)
    return outcome.failure().error.in("the service owns the outbox, but does not answer at " + settings.service.listen);
  const auto& response = outcome.response();
  auto said = std::string(text::trim(response.body));
  if (response.status == 200) return said;
  return Error(response.status == 404 ? ErrorKind::not_found : ErrorKind::not_allowed, said);
}

bool is_local(const http::ServerRequest& request) {
  return http::is_loopback(request.peer) && http::header(request.headers, "X-Forwarded-For").empty() &&
         http::header(request.headers, "Forwarded").empty() &&
         http::header(request.headers, "Origin").empty();  // a page in a browser on this machine is not the operator
}

}  // namespace broadsheet::app
