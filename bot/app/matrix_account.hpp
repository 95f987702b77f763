// Matrix as the configuration wants it: whether it is on, the way to its homeserver, and where its session is kept.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>

#include "adapters/matrix/matrix.hpp"
#include "bot/net/async.hpp"
#include "bot/net/client.hpp"
#include "bot/store/store.hpp"
#include "config/settings.hpp"

namespace broadsheet::app {

// An adapter without credentials is off (spec: interfaces 2); a session that `matrix login` has stored is one.
// `store` may be null.
bool matrix_is_on(const config::Settings& settings, store::Store* store);

class MatrixAccount {
 public:
  // Everything outlives it, and it outlives the platforms it makes.
  MatrixAccount(const config::Settings& settings, const boost::asio::any_io_executor& executor, async::Offload& workers,
                Clock& clock, adapters::State& state);

  Result<std::unique_ptr<adapters::Platform>> platform();
  // `matrix login`; `say` shows where to go.
  boost::asio::awaitable<Status> login(std::function<void(std::string)> say);

 private:
  Result<matrix::Doors> doors();

  const config::Settings& settings_;
  http::Client client_;
  Clock& clock_;
  adapters::State& state_;
};

}  // namespace broadsheet::app
