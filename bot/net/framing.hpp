// Where a request's header ends and whether its framing is beyond doubt (design: reliability 5: both lengths, two
// lengths, obs-fold, bare LF, non-token method). Beast 345 lets some of these pass, so the raw bytes are checked before
// it sees them. Pure functions.
#pragma once

#include <cstddef>
#include <string_view>

namespace broadsheet::http {

bool is_token(std::string_view text);        // RFC 9110 5.6.2
bool is_field_value(std::string_view text);  // no CR, LF, NUL or other control character but tab

struct HeadLimits {
  std::size_t max_header = std::size_t{8} << 10;
  std::size_t max_target = std::size_t{2} << 10;
};

struct HeadScan {
  int refused = 0;       // status to answer with, or 0
  std::size_t size = 0;  // length of the header with its empty line; 0: more bytes are needed
};
// Looks at what has arrived so far; refuses as early as the bytes allow.
HeadScan scan_head(std::string_view arrived, const HeadLimits& limits);

struct Head {
  int refused = 0;
  std::string_view method, target;  // into the checked bytes
  bool expects_continue = false;
  bool has_body = false;
};
// `head` is what scan_head() measured.
Head check_head(std::string_view head, const HeadLimits& limits);

}  // namespace broadsheet::http
