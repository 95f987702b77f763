// What an answer of a homeserver means (contracts: Matrix 12): by errcode, by status where the code says nothing.
// Pure functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/platform.hpp"
#include "bot/base/time.hpp"
#include "bot/http/http.hpp"

namespace broadsheet::matrix {

enum class CallKind : std::uint8_t { any, send, redact, sync, login, refresh, join, register_, upload, download };

enum class ErrorClass : std::uint8_t {
  done_already,               // counts as success
  limited,                    // 429: see wait_of()
  retry_same_request,         // same transaction id after a backoff
  retry_bounded,              // the same, at most five times for one content
  refresh_then_same_request,  // one refresh at a time
  login_same_device,          // keep all state
  credentials_lost,           // stop this account, tell the operator
  account_paused,             // keep state, look again every few minutes
  room_check,                 // ask joined_rooms
  split,                      // make it smaller
  drop_relation,              // send without that relation
  bug,                        // never repeat
  resync,                     // initial sync
  new_filter,                 // upload the filter again
  unsupported,                // the server has no such feature
  retry_join,                 // a few more tries
  join_denied,                // give up on this room
  use_oauth,
  use_as_token,
  use_authenticated_media,
  config_error,  // tell the operator
};
std::string_view to_string(ErrorClass error);

struct Circumstances {
  CallKind call = CallKind::any;
  bool have_refresh_token = false, can_login = false, appservice = false;
  std::chrono::seconds since_invite{0};
  std::size_t bytes = 0, upload_limit = 0;  // of an upload
};
// For every answer but a good one. `status` 0: no answer came.
ErrorClass classify(int status, std::string_view body, const Circumstances& circumstances);

// "M_FORBIDDEN", vendor prefixes taken off ("ORG.MATRIX.MSC4326.M_UNKNOWN_DEVICE"); empty without one.
std::string errcode_of(std::string_view body);
// For people: the code and the server's sentence, bounded and cleaned.
std::string explain(int status, std::string_view body);

// How long a 429 asks to wait (contracts: Matrix 8): Retry-After, retry_after_ms, else 5 s; never above an hour.
std::chrono::milliseconds wait_of(const http::Response& response);

}  // namespace broadsheet::matrix
