#include "bot/app/matrix_account.hpp"

#include <random>

#include "bot/app/session_key.hpp"

namespace broadsheet::app {
namespace {

std::uint64_t unguessable() {
  static std::random_device source;
  return (static_cast<std::uint64_t>(source()) << 32U) | source();
}

}  // namespace

bool matrix_is_on(const config::Settings& settings) {
  const auto& m = settings.matrix;
  if (!m.access_token.empty() || !m.password.empty()) return true;
  return !m.user_id.empty() && has_session_key(settings.service.data_dir);
}

Result<matrix::Doors> matrix_doors(const config::Settings& settings, const Doors& doors) {
  matrix::Doors out{doors.transport, doors.clock, doors.state, {}, unguessable};
  if (!settings.matrix.access_token.empty()) return out;  // a given token is never stored
  auto key = session_key(settings.service.data_dir);
  if (!key) return std::move(key).error();
  out.seal = std::move(*key);
  return out;
}

}  // namespace broadsheet::app
