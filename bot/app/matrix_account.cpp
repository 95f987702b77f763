#include "bot/app/matrix_account.hpp"

#include "bot/app/session_key.hpp"

namespace broadsheet::app {

bool matrix_is_on(const config::Settings& settings) {
  const auto& m = settings.matrix;
  if (!m.access_token.empty() || !m.password.empty()) return true;
  return !m.user_id.empty() && has_session_key(settings.service.data_dir);
}

Result<matrix::Doors> matrix_doors(const config::Settings& settings, const Doors& doors) {
  matrix::Doors out{doors.transport, doors.clock, doors.state, {}, doors.random};
  if (!settings.matrix.access_token.empty()) return out;  // a given token is never stored
  if (doors.looking && !has_session_key(settings.service.data_dir)) return out;
  auto key = session_key(settings.service.data_dir, doors.random);
  if (!key) return std::move(key).error();
  out.seal = std::move(*key);
  return out;
}

}  // namespace broadsheet::app
