#include "bot/app/matrix_account.hpp"

#include <random>

#include "bot/app/session_key.hpp"
#include "version_info.hpp"

namespace broadsheet::app {
namespace {

// A homeserver that the operator names may stand in the operator's own network; one that was found may not.
http::ClientOptions client_options(const config::Settings& settings) {
  http::ClientOptions out;
  out.user_agent = "Broadsheet/" + std::string(kVersion);
  out.allow_private = !settings.matrix.homeserver_url.empty();
  return out;
}

std::uint64_t unguessable() {
  static std::random_device source;
  return (static_cast<std::uint64_t>(source()) << 32U) | source();
}

}  // namespace

bool matrix_is_on(const config::Settings& settings, store::Store* store) {
  const auto& m = settings.matrix;
  if (!m.access_token.empty() || !m.password.empty()) return true;
  if (m.user_id.empty() || store == nullptr) return false;
  auto session = store->value(matrix::kStoredSession);
  return session && *session;
}

MatrixAccount::MatrixAccount(const config::Settings& settings, const boost::asio::any_io_executor& executor,
                             async::Offload& workers, Clock& clock, adapters::State& state)
    : settings_(settings), client_(executor, workers, clock, client_options(settings)), clock_(clock), state_(state) {}

Result<matrix::Doors> MatrixAccount::doors() {
  // A given token is never stored.
  if (!settings_.matrix.access_token.empty()) return matrix::Doors{client_, clock_, state_, {}, unguessable};
  auto key = session_key(settings_.service.data_dir);
  if (!key) return std::move(key).error();
  return matrix::Doors{client_, clock_, state_, std::move(*key), unguessable};
}

Result<std::unique_ptr<adapters::Platform>> MatrixAccount::platform() {
  auto ways = doors();
  if (!ways) return std::move(ways).error();
  auto made = matrix::Matrix::make(settings_.matrix, std::move(*ways));
  if (!made) return std::move(made).error();
  return std::unique_ptr<adapters::Platform>(std::move(*made));
}

boost::asio::awaitable<Status> MatrixAccount::login(std::function<void(std::string)> say) {
  auto ways = doors();
  if (!ways) co_return std::move(ways).error();
  co_return co_await matrix::login(settings_.matrix, std::move(*ways), std::move(say));
}

}  // namespace broadsheet::app
